"""The routes of signing in; each with its audience, as everywhere."""

from yigongti.spine.access import views
from yigongti.spine.access.guard import Audience, guarded_path

urlpatterns = [
    guarded_path("login/", views.SignIn.as_view(), name="login", roles_=Audience.ANYONE),
    guarded_path("logout/", views.SignOut.as_view(), name="logout", roles_=Audience.PASSWORD_GIVEN),
    guarded_path("second-factor/", views.verify_second_factor, name="second_factor", roles_=Audience.PASSWORD_GIVEN),
    guarded_path(
        "second-factor/enrol/", views.enrol_second_factor, name="second_factor_enrol", roles_=Audience.SIGNED_IN
    ),
    guarded_path("password/", views.ChangePassword.as_view(), name="password_change", roles_=Audience.SIGNED_IN),
    guarded_path("language/", views.set_language, name="language", roles_=Audience.ANYONE),
]
