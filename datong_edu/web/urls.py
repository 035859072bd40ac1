"""Log-in, log-out, one's own account and preferences; included at the root of the portal."""

from django.urls import include, path

from datong_edu.web import account, log_in, offices, rights, views
from datong_edu.web import users as user_pages
from datong_edu.web.confirming import Confirm

preference_urls = (
    [
        path("", views.Home.as_view(), name="home"),
        path("preference/", views.SetPreference.as_view(), name="set_preference"),
    ],
    "web",
)

urlpatterns = [
    path("", include(preference_urls)),
    path("login/", log_in.LogIn.as_view(), name="login"),
    path("login/code/", log_in.EnterCode.as_view(), name="log_in_code"),
    path("login/phone/", log_in.BindPhone.as_view(), name="bind_phone"),
    path("login/phone.svg", log_in.PhonePicture.as_view(), name="phone_picture"),
    path("logout/", log_in.LogOut.as_view(), name="logout"),
    path("password/", account.ChangePassword.as_view(), name="password_change"),
    path("password/done/", account.PasswordChanged.as_view(), name="password_change_done"),
    path("confirm/", Confirm.as_view(), name="confirm"),
    path("account/", account.Account.as_view(), name="account"),
    path("account/sessions/end/", account.EndSession.as_view(), name="end_other_sessions"),
    path("account/sessions/<uuid:uid>/end/", account.EndSession.as_view(), name="end_session"),
    path("account/recovery-codes/", account.RenewRecoveryCodes.as_view(), name="renew_recovery_codes"),
    path("rights/", rights.Rights.as_view(), name="rights"),
    path("offices/", offices.Offices.as_view(), name="offices"),
    path("offices/grant/", offices.GrantOffice.as_view(), name="grant_office"),
    path("offices/<int:pk>/end/", offices.EndOffice.as_view(), name="end_office"),
    path("users/", user_pages.Users.as_view(), name="users"),
    path("users/new/", user_pages.NewUser.as_view(), name="new_user"),
    path("users/<int:pk>/password/", user_pages.RenewPassword.as_view(), name="renew_password"),
    path("users/<int:pk>/<slug:state>/", user_pages.SetActive.as_view(), name="set_user_active"),
    path("log-ins/locks/", account.Locks.as_view(), name="locks"),
    path("log-ins/unlock/", account.Unlock.as_view(), name="unlock"),
    path("log-ins/second-factors/", account.SecondFactors.as_view(), name="second_factors"),
    path(
        "log-ins/second-factors/<int:pk>/reset/",
        account.ResetSecondFactor.as_view(),
        name="reset_second_factor",
    ),
]
