"""Rules of passwords whose words Django has not translated."""

from django.contrib.auth.password_validation import MinimumLengthValidator


class LengthRule(MinimumLengthValidator):
    """密码长度; Django 5.2 says this one in English."""

    def get_error_message(self) -> str:
        """What the clerk reads."""
        return f"密码太短，至少 {self.min_length} 位。"
