"""Where accounts and the audit trail stand."""

from yigongti.kernel.roles import Role
from yigongti.pages.urls import STAFF, page
from yigongti.site.security.accounts import account, accounts
from yigongti.site.security.tokens import tokens
from yigongti.site.security.trail import audit

urlpatterns = [
    page("accounts/", accounts, name="accounts", roles={Role.ADMIN}),
    page("accounts/<int:account_id>/", account, name="account", roles={Role.ADMIN}),
    page("tokens/", tokens, name="tokens", roles=STAFF),
    page("audit/", audit, name="audit", roles={Role.AUDITOR, Role.ADMIN}),
]
