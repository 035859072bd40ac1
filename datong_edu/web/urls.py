"""Log-in, log-out, password and preferences; included at the root of the portal."""

from django.contrib.auth import views as auth
from django.urls import include, path

from datong_edu.web import views

password_changed = views.PortalPage.as_view(
    template_name="registration/password_change_done.html", title="密码已修改"
)
preference_urls = (
    [
        path("", views.Home.as_view(), name="home"),
        path("preference/", views.SetPreference.as_view(), name="set_preference"),
    ],
    "web",
)

urlpatterns = [
    path("", include(preference_urls)),
    path("login/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("password/", auth.PasswordChangeView.as_view(), name="password_change"),
    path("password/done/", password_changed, name="password_change_done"),
]
