"""Signing in, one's own account, and what others hand over by letter."""

from tests.rights_table.answers import ANYONE, ITS_OWNER, NOBODY, SIGNED_IN

TABLE = {
    ANYONE: """
        GET accounts.invitation /invitations/made-up
        POST accounts.invitation /invitations/made-up
        POST accounts.change_address /account/address/made-up
        GET security.login /sign-in
        GET security.register /register
        GET security.forgot_password /reset
        GET security.reset_password /reset/made-up
        GET security.send_confirmation /confirm
        GET security.confirm_email /confirm/made-up
        GET security.two_factor_token_validation /sign-in/code
        GET security.tf_select /sign-in/second-step
        GET security.mf_recovery /sign-in/recovery-code
        GET security.wan_signin /sign-in/passkey
        GET security.change_email_confirm /account/address/made-up
        POST security.login /sign-in
        POST security.logout /sign-out
        POST security.register /register
        POST security.forgot_password /reset
        POST security.reset_password /reset/made-up
        POST security.send_confirmation /confirm
        POST security.confirm_email /confirm/made-up
        POST security.two_factor_token_validation /sign-in/code
        POST security.tf_select /sign-in/second-step
        POST security.mf_recovery /sign-in/recovery-code
        POST security.wan_signin /sign-in/passkey
        POST security.wan_signin_response /sign-in/passkey/made-up
    """,
    SIGNED_IN: """
        GET accounts.account /account
        GET accounts.own_data /account/data.json
        GET accounts.start /account/start
        GET accounts.erase /account/erase
        GET accounts.tokens /account/tokens
        POST accounts.account /account
        POST accounts.sign_out_elsewhere /account/sign-out-everywhere
        POST accounts.erase /account/erase
        POST accounts.tokens /account/tokens
        GET security.change_password /account/password
        GET security.change_email /account/address
        GET security.verify /account/verify
        GET security.wan_verify /account/verify/passkey
        GET security.two_factor_setup /account/two-step
        GET security.mf_recovery_codes /account/recovery-codes
        GET security.wan_register /account/passkeys
        GET security.wan_delete /account/passkeys/remove
        POST security.change_password /account/password
        POST security.change_email /account/address
        POST security.verify /account/verify
        POST security.wan_verify /account/verify/passkey
        POST security.wan_verify_response /account/verify/passkey/made-up
        POST security.two_factor_setup /account/two-step
        POST security.two_factor_setup_validate /account/two-step/made-up
        POST security.mf_recovery_codes /account/recovery-codes
        POST security.wan_register /account/passkeys
        POST security.wan_register_response /account/passkeys/made-up
        POST security.wan_delete /account/passkeys/remove
    """,
    NOBODY: """
        GET security.two_factor_rescue /sign-in/help
        POST security.two_factor_rescue /sign-in/help
    """,
    ITS_OWNER: """
        POST accounts.revoke /account/tokens/1/revoke
    """,
}
