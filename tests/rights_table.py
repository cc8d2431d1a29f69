"""The table of `test_rights`: who may use which route.

Each part is headed by what all people are answered, one letter each: `o` they get on, `s` they are asked to sign in
(401 in the programming interface), `f` forbidden (403), `n` they are not told that there is anything (404). The people,
in this order: anonymous, stranger, editor and manager of another organisation, editor, manager, moderator,
administrator.

A line names the method, the route and an address of it; words in braces stand for what `rights_world` has made. What is
`made-up` or not there shows that the route says nothing to anybody; published listings and drafts are tried apart.
"""

ANYONE = "oooooooo"
SIGNED_IN = "sooooooo"
EDITORS = "sfffoooo"
EDITORS_OF_DRAFT = "snnnoooo"
EDITORS_UNASKED = "nnnnoooo"  # the programming interface lets visitors read
MANAGERS = "sffffooo"  # and whoever may accept changes
MANAGERS_OF_DRAFT = "snnnfooo"
MODERATORS = "sfffffoo"
ADMINISTRATORS = "sffffffo"
NOBODY = "nnnnnnnn"
ITS_OWNER = "sonnnnnn"  # a token is revoked by whoever made it
NOT_THEIRS = "snnnnnnn"  # what somebody else has asked
NO_TEAM = "snnnffff"  # instruments have no team
THREAD_READERS = "snnnnooo"  # managers, and the desk
THREAD_ANSWERERS = "snnnnoff"  # managers, not the desk
DESK_OF_OTHER = "sffoffoo"  # the other manager is the desk of the second network
HUB_OF_OTHER = "sfooffoo"  # and the other editor that of its hub

TABLE = {
    DESK_OF_OTHER: """
        GET needs.waiting_in_network /manage/networks/{other_network}/needs
        GET network_desk.overview /manage/networks/{other_network}/
        GET facts.freeze_network /manage/networks/{other_network}/facts
        POST facts.freeze_network /manage/networks/{other_network}/facts
        GET facts.freeze_hub /manage/networks/{other_network}/hubs/{hub}/facts
        POST facts.freeze_hub /manage/networks/{other_network}/hubs/{hub}/facts
        GET network_desk.page /manage/networks/{other_network}/page
        POST network_desk.page /manage/networks/{other_network}/page
        GET network_desk.log /manage/networks/{other_network}/log
        GET network_desk.hubs /manage/networks/{other_network}/hubs
        GET network_desk.new_hub /manage/networks/{other_network}/hubs/new
        POST network_desk.new_hub /manage/networks/{other_network}/hubs/new
        POST network_desk.order_hub /manage/networks/{other_network}/hubs/{hub}/order
        GET network_desk.categories /manage/networks/{other_network}/categories
        GET network_desk.new_category /manage/networks/{other_network}/categories/new
        POST network_desk.new_category /manage/networks/{other_network}/categories/new
        GET network_desk.members /manage/networks/{other_network}/members
        GET network_desk.add /manage/networks/{other_network}/members/add
        POST network_desk.add /manage/networks/{other_network}/members/add
        GET network_desk.many /manage/networks/{other_network}/members/list
        POST network_desk.many /manage/networks/{other_network}/members/list
        GET network_desk.people /manage/networks/{other_network}/people
        POST network_desk.people /manage/networks/{other_network}/people
        GET network_desk.applications /manage/networks/{other_network}/applications
    """,
    HUB_OF_OTHER: """
        GET network_desk.hub /manage/networks/{other_network}/hubs/{hub}
        POST network_desk.hub /manage/networks/{other_network}/hubs/{hub}
        GET network_desk.hub_members /manage/networks/{other_network}/hubs/{hub}/members
        POST network_desk.hub_members /manage/networks/{other_network}/hubs/{hub}/members
    """,
    ANYONE: """
        GET facts.page /facts
        GET facts.csv_file /facts.csv
        GET facts.pdf_file /facts.pdf
        GET facts.figure_csv /facts/kinds.csv
        GET facts.figure_svg /facts/kinds.svg
        GET facts.edition /facts/2025
        GET facts.numbered /facts/2025/1
        GET facts.edition_csv /facts/2025/1.csv
        GET facts.edition_pdf /facts/2025/1.pdf
        GET facts.network_page /networks/{network}/facts
        GET facts.network_csv_file /networks/{network}/facts.csv
        GET facts.network_pdf_file /networks/{network}/facts.pdf
        GET facts.network_figure_csv /networks/{network}/facts/kinds.csv
        GET facts.network_edition /networks/{network}/facts/2025
        GET facts.network_numbered /networks/{network}/facts/2025/1
        GET facts.network_edition_csv /networks/{network}/facts/2025/1.csv
        GET facts.network_edition_pdf /networks/{network}/facts/2025/1.pdf
        GET facts.hub_page /networks/{network}/hubs/{hub}/facts
        GET facts.hub_csv_file /networks/{network}/hubs/{hub}/facts.csv
        GET facts.hub_pdf_file /networks/{network}/hubs/{hub}/facts.pdf
        GET facts.hub_edition /networks/{network}/hubs/{hub}/facts/2025
        GET facts.hub_numbered /networks/{network}/hubs/{hub}/facts/2025/1
        GET facts.hub_edition_csv /networks/{network}/hubs/{hub}/facts/2025/1.csv
        GET facts.hub_edition_pdf /networks/{network}/hubs/{hub}/facts/2025/1.pdf
        GET facts.place_page /places/se/uppsala/facts
        GET facts.place_csv_file /places/se/uppsala/facts.csv
        GET facts.place_pdf_file /places/se/uppsala/facts.pdf
        GET facts.place_figure_csv /places/se/uppsala/facts/kinds.csv
        GET networks.networks /networks
        GET needs.needs /needs
        GET needs.need /needs/{open_need}
        GET needs.network_needs /networks/{network}/needs
        GET needs.end_letters {end_of_letters}
        POST needs.end_letters {end_of_letters}
        GET places.places /places
        GET places.place /places/se/uppsala
        GET networks.network /networks/{network}
        GET networks.members /networks/{network}/members
        GET networks.members_csv /networks/{network}/members.csv
        GET networks.hub /networks/{network}/hubs/{hub}
        GET search.results /networks/{network}/search
        GET search_files.feed /networks/{network}/search.atom
        GET search_files.file /networks/{network}/search.csv
        GET search_files.values /networks/{network}/search/values?facet=city
        GET joining.join /networks/{network}/join
        POST joining.join /networks/{network}/join?new=1
        GET joining.application /networks/applications/{application_token}
        POST joining.take_back /networks/applications/{application_token}/withdraw
        GET accounts.invitation /invitations/made-up
        POST accounts.invitation /invitations/made-up
        POST accounts.change_address /account/address/made-up
        GET api.openapi /api/v1/openapi.json
        GET api.listings /api/v1/listings
        GET api.listing /api/v1/listings/{instrument}
        GET api_pages.guide /api
        GET catalogue.home /
        GET catalogue.techniques /techniques
        GET catalogue.categories /categories
        GET catalogue.listing {path}
        GET catalogue.permanent /listings/{instrument}
        GET roles.matrix /roles
        GET roles.matrix_csv /roles.csv
        GET roles.without /roles/none
        GET whom.whom /ask
        GET others.of_listing /instruments/{instrument}/others
        GET others.of_model /instruments/others?model=LSM+880
        GET density.choose /density
        GET density.technique /density/{technique}
        GET density.technique_csv /density/{technique}.csv
        GET enquiries.shortlist /enquiries/shortlist
        GET enquiries.new /enquiries/new?listing={instrument}
        GET enquiries.new /enquiries/new?listing={draft}
        GET enquiries.need /enquiries/need
        POST enquiries.need /enquiries/need
        POST enquiries.change_shortlist /enquiries/shortlist
        POST enquiries.new /enquiries/new?listing={instrument}
        GET enquiries.answer /enquiries/answer/{recipient_token}
        GET enquiries.recipients_file /enquiries/answer/{recipient_token}/files/{enquiry_file}
        GET enquiries.private /enquiries/{enquiry_token}
        GET enquiries.requesters_file /enquiries/{enquiry_token}/files/{enquiry_file}
        POST enquiries.reply /enquiries/{enquiry_token}/threads/{thread}
        POST enquiries.reply_to_everybody /enquiries/{enquiry_token}/all
        GET enquiries.end_thread /enquiries/{enquiry_token}/threads/{thread}/withdraw
        POST enquiries.end_thread /enquiries/{enquiry_token}/threads/{thread}/withdraw
        POST enquiries.renew /enquiries/{enquiry_token}/link
        POST enquiries.new_link /enquiries/made-up/new-link
        GET enquiries.export /enquiries/{enquiry_token}/export
        GET enquiries.erase_enquiry /enquiries/{enquiry_token}/erase
        POST enquiries.erase_enquiry /enquiries/{enquiry_token}/erase
        POST enquiries.change_answer /enquiries/answer/{recipient_token}
        GET enquiries.booking /enquiries/{enquiry_token}/booking/{thread}/times
        POST enquiries.booking /enquiries/{enquiry_token}/booking/{thread}/times
        GET enquiries.booking_file /enquiries/{enquiry_token}/booking/{thread}.ics
        GET enquiries.answer_booking /enquiries/answer/{recipient_token}/booking/cancel
        POST enquiries.answer_booking /enquiries/answer/{recipient_token}/booking/cancel
        GET enquiries.answer_booking_file /enquiries/answer/{recipient_token}/booking.ics
        GET health.alive /healthz
        GET health.ready /readyz
        GET moderation.decisions /decisions
        GET moderation.prove /claims/{claim_token}
        GET moderation.proven /claims/{claim_token}/done
        GET moderation.report /listings/{instrument}/report
        GET moderation.report_thanks /listings/{instrument}/report/thanks
        POST moderation.prove /claims/{claim_token}
        POST moderation.report /listings/{instrument}/report
        GET saved.new /saved-searches/new
        GET saved.asked /saved-searches/asked
        GET saved.page /saved-searches/{saved}
        GET saved.end /saved-searches/{saved}/end
        POST saved.new /saved-searches/new
        POST saved.page /saved-searches/{saved}
        POST saved.end /saved-searches/{saved}/end
        GET search.results /search
        GET search_files.feed /search.atom
        GET search_files.file /search.csv
        GET map.page /map
        GET map.values /map/values?facet=city
        GET map.places /map/places.json
        GET map.card /map/card?at=59.85,17.63
        GET map.lines /map/lines.json?lines={instrument}
        GET shared_map.embed /map/embed
        GET shared_map.embed_script /map/embed.js
        GET shared_map.share /map/share
        GET shared_map.picture /map.svg
        GET search_files.values /search/values?facet=city
        GET search_api.search_json /api/v1/search
        GET suggesting.suggestions /suggest?q=facs
        GET suggesting.towns /suggest/places?q=upp
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
        GET static /static/site.css
    """,
    SIGNED_IN: """
        GET network_desk.mine /manage/networks
        GET own_enquiries.own /account/enquiries
        GET needs.new_need /needs/new
        POST needs.new_need /needs/new
        GET needs.own_needs /manage/needs
        GET accounts.account /account
        GET accounts.own_data /account/data.json
        GET accounts.start /account/start
        GET accounts.erase /account/erase
        GET accounts.tokens /account/tokens
        POST accounts.account /account
        POST accounts.sign_out_elsewhere /account/sign-out-everywhere
        POST accounts.erase /account/erase
        POST accounts.tokens /account/tokens
        POST api.new /api/v1/listings
        POST api.upsert_records /api/v1/sources/test/records
        PUT api.upsert_record /api/v1/sources/test/records/1
        GET manage.home /manage/
        GET manage.listings /manage/listings
        GET manage.new /manage/listings/new
        GET manage.numbers /manage/numbers
        GET manage.numbers_csv /manage/numbers.csv
        GET manage.teams /manage/team
        GET manage.enquiries /manage/enquiries
        GET manage.places /manage/places?q=lund
        GET manage.techniques /manage/techniques?q=facs
        GET manage.export_enquiries /manage/enquiries/export
        GET manage.export /manage/export
        GET manage.export_file /manage/export/file?format=csv
        GET manage.imports /manage/import
        POST manage.confirm /manage/confirm
        POST manage.several /manage/listings/several
        POST manage.send_spreadsheet /manage/import
        GET manage.places_within /manage/places/within?box=55,12,56,14
        GET moderation.claim /listings/{facility}/claim
        GET moderation.claim_thanks /listings/{facility}/claim/thanks
        GET moderation.reviews /manage/reviews
        POST moderation.claim /listings/{facility}/claim
        POST moderation.decide_together /manage/reviews
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
    EDITORS: """
        GET needs.edit_need /needs/{open_need}/edit
        POST needs.edit_need /needs/{open_need}/edit
        POST needs.change_state /needs/{open_need}
        POST needs.drop /needs/{open_need}/suggestions
        POST needs.watch /needs/watch?listing={facility}
        GET network_desk.hub /manage/networks/{network}/hubs/{hub}
        POST network_desk.hub /manage/networks/{network}/hubs/{hub}
        GET network_desk.hub_members /manage/networks/{network}/hubs/{hub}/members
        POST network_desk.hub_members /manage/networks/{network}/hubs/{hub}/members
        POST network_desk.remove /manage/networks/{network}/people/{desk_grant}
        GET manage.listing_numbers /manage/listings/{instrument}/numbers
        GET manage.listing_numbers_csv /manage/listings/{instrument}/numbers.csv
        GET manage.routing /manage/listings/{instrument}/routing
        POST manage.change_leave /manage/listings/{instrument}/routing
        POST api.submit /api/v1/listings/{instrument}/submit
        POST api.confirm /api/v1/listings/{instrument}/confirm
        PATCH api.edit /api/v1/listings/{instrument}
        GET manage.listing_hub /manage/listings/{instrument}
        GET manage.edit /manage/listings/{instrument}/edit
        GET manage.edit_section /manage/listings/{instrument}/edit/basics
        GET manage.history /manage/listings/{instrument}/history
        GET manage.who_changed /manage/listings/{instrument}/history/fields
        GET manage.compare /manage/listings/{instrument}/history/compare
        GET manage.version /manage/listings/{instrument}/history/1
        GET manage.life /manage/listings/{instrument}/life
        GET manage.preview /manage/listings/{instrument}/preview
        GET manage.people /manage/listings/{facility}/team
        GET manage.answer_templates /manage/listings/{instrument}/answer-templates
        POST manage.answer_templates /manage/listings/{instrument}/answer-templates
        GET manage.answer_template /manage/listings/{instrument}/answer-templates/{answer_template}
        POST manage.answer_template /manage/listings/{instrument}/answer-templates/{answer_template}
        GET manage.new_instruments /manage/listings/{facility}/instruments/new
        POST manage.new /manage/listings/new?parent={facility}
        POST manage.copy /manage/listings/{instrument}/copy
        POST manage.edit_section /manage/listings/{instrument}/edit/basics
        POST manage.save_media /manage/listings/{instrument}/edit/media
        POST manage.restore /manage/listings/{instrument}/history/1/restore
        POST manage.take_step /manage/listings/{instrument}/life/publish
        POST manage.take_step /manage/listings/{instrument}/life/hand_in
        POST manage.take_step /manage/listings/{instrument}/life/take_back
        POST manage.take_step /manage/listings/{instrument}/life/call_off
        POST manage.take_step /manage/listings/{instrument}/life/bring_back
        POST manage.take_step /manage/listings/{instrument}/life/archive
        POST manage.new_instruments /manage/listings/{facility}/instruments/new
        GET manage.people /manage/listings/{strict}/team
    """,
    EDITORS_OF_DRAFT: """
        POST api.submit /api/v1/listings/{draft}/submit
        POST api.confirm /api/v1/listings/{draft}/confirm
        PATCH api.edit /api/v1/listings/{draft}
        GET manage.listing_hub /manage/listings/{draft}
        GET manage.edit /manage/listings/{draft}/edit
        GET manage.edit_section /manage/listings/{draft}/edit/basics
        GET manage.history /manage/listings/{draft}/history
        GET manage.who_changed /manage/listings/{draft}/history/fields
        GET manage.compare /manage/listings/{draft}/history/compare
        GET manage.version /manage/listings/{draft}/history/1
        GET manage.life /manage/listings/{draft}/life
        GET manage.preview /manage/listings/{draft}/preview
        POST manage.copy /manage/listings/{draft}/copy
        POST manage.edit_section /manage/listings/{draft}/edit/basics
        POST manage.save_media /manage/listings/{draft}/edit/media
        POST manage.restore /manage/listings/{draft}/history/1/restore
        POST manage.take_step /manage/listings/{draft}/life/publish
        POST manage.take_step /manage/listings/{draft}/life/hand_in
        POST manage.take_step /manage/listings/{draft}/life/take_back
        POST manage.take_step /manage/listings/{draft}/life/call_off
        POST manage.take_step /manage/listings/{draft}/life/bring_back
        POST manage.take_step /manage/listings/{draft}/life/archive
        GET moderation.claim /listings/{draft}/claim
        POST moderation.claim /listings/{draft}/claim
    """,
    EDITORS_UNASKED: """
        GET needs.need /needs/{waiting_need}
        GET api.listing /api/v1/listings/{draft}
    """,
    MANAGERS: """
        GET needs.waiting_in_network /manage/networks/{network}/needs
        GET needs.decide_in_network /manage/networks/{network}/needs/{waiting_need}
        POST needs.decide_in_network /manage/networks/{network}/needs/{waiting_need}
        GET network_desk.overview /manage/networks/{network}/
        GET network_desk.page /manage/networks/{network}/page
        POST network_desk.page /manage/networks/{network}/page
        GET network_desk.log /manage/networks/{network}/log
        GET network_desk.hubs /manage/networks/{network}/hubs
        GET network_desk.new_hub /manage/networks/{network}/hubs/new
        POST network_desk.new_hub /manage/networks/{network}/hubs/new
        POST network_desk.order_hub /manage/networks/{network}/hubs/{hub}/order
        GET network_desk.categories /manage/networks/{network}/categories
        GET network_desk.new_category /manage/networks/{network}/categories/new
        POST network_desk.new_category /manage/networks/{network}/categories/new
        GET network_desk.members /manage/networks/{network}/members
        GET network_desk.add /manage/networks/{network}/members/add
        POST network_desk.add /manage/networks/{network}/members/add
        GET network_desk.many /manage/networks/{network}/members/list
        POST network_desk.many /manage/networks/{network}/members/list
        GET network_desk.people /manage/networks/{network}/people
        POST network_desk.people /manage/networks/{network}/people
        GET network_desk.applications /manage/networks/{network}/applications
        GET network_desk.category /manage/networks/{network}/categories/{category}
        POST network_desk.category /manage/networks/{network}/categories/{category}
        GET network_desk.member /manage/networks/{network}/members/{membership}
        POST network_desk.member /manage/networks/{network}/members/{membership}
        GET network_desk.application /manage/networks/{network}/applications/{application}
        POST network_desk.application /manage/networks/{network}/applications/{application}
        POST network_desk.change_invitation /manage/networks/{network}/people/invitations/{desk_invitation}
        POST api.publish /api/v1/listings/{instrument}/publish
        POST api.withdraw /api/v1/listings/{instrument}/withdraw
        GET manage.import_page /manage/import/{run}
        GET manage.import_columns /manage/import/{run}/columns
        GET manage.import_progress /manage/import/{run}/progress
        GET manage.import_problems /manage/import/{run}/problems.csv
        GET manage.undo_page /manage/import/{run}/undo
        POST manage.check_import /manage/import/{run}/columns
        POST manage.accept_import /manage/import/{run}/accept
        POST manage.drop_import /manage/import/{run}/drop
        POST manage.undo_import /manage/import/{run}/undo
        POST manage.withdraw /manage/listings/{instrument}/life/withdraw
        POST manage.people /manage/listings/{facility}/team
        POST manage.change_member /manage/listings/{facility}/team/{grant}
        POST manage.change_invitation /manage/listings/{facility}/team/invitations/{invitation}
        GET moderation.claim_case /manage/claims/{claim}
        GET moderation.review /manage/reviews/{facility}
        GET moderation.edit_and_accept /manage/reviews/{facility}/edit
        POST moderation.claim_case /manage/claims/{claim}
        POST moderation.review /manage/reviews/{facility}
        POST moderation.edit_and_accept /manage/reviews/{facility}/edit
    """,
    MANAGERS_OF_DRAFT: """
        POST api.publish /api/v1/listings/{draft}/publish
        POST api.withdraw /api/v1/listings/{draft}/withdraw
        POST manage.withdraw /manage/listings/{draft}/life/withdraw
        GET moderation.review /manage/reviews/{waiting}
        POST moderation.review /manage/reviews/{waiting}
        GET manage.edit /manage/reviews/{waiting}/sections
        GET manage.edit_section /manage/reviews/{waiting}/sections/basics
        POST manage.edit_section /manage/reviews/{waiting}/sections/basics
        POST manage.save_media /manage/reviews/{waiting}/sections/media
    """,
    MODERATORS: """
        GET facts.freeze_site /moderate/facts
        POST facts.freeze_site /moderate/facts
        GET needs.waiting /moderate/public-needs
        GET needs.decide /moderate/public-needs/{site_need}
        POST needs.decide /moderate/public-needs/{site_need}
        GET site_networks.networks /moderate/networks
        POST site_networks.networks /moderate/networks
        POST api.publish /api/v1/listings/{strict}/publish
        GET moderation.overview /moderate/
        GET moderation.duplicates /moderate/duplicates
        GET moderation.pair /moderate/duplicates/{pair}
        GET moderation.compare_two /moderate/duplicates/{first}/{second}
        GET moderation.merge_list /moderate/merges
        GET moderation.links /moderate/links
        GET moderation.held /moderate/held
        GET moderation.held_enquiry /moderate/held/{held}
        GET moderation.blocked /moderate/blocked-senders
        GET moderation.needs /moderate/needs
        GET moderation.need /moderate/needs/{need}
        POST moderation.judge_held /moderate/held
        POST moderation.blocked /moderate/blocked-senders
        POST moderation.unblock /moderate/blocked-senders/{blocked}/remove
        POST moderation.decide_need /moderate/needs/{need}
        GET moderation.undelivered /moderate/letters
        POST moderation.see_to_letters /moderate/letters
        GET moderation.log /moderate/log
        GET moderation.openings /moderate/openings
        GET moderation.queue /moderate/queues/new
        GET moderation.report_case /moderate/reports/{report}
        GET moderation.settings /moderate/settings
        GET moderation.waiting_enquiries /moderate/waiting
        GET moderation.waiting_csv /moderate/waiting.csv
        GET moderation.erase_requester /moderate/erase-requester
        POST moderation.erase_requester /moderate/erase-requester
        GET moderation.searches /moderate/searches
        GET moderation.synonym /moderate/searches/synonym?text=facs
        GET moderation.actor_roles /moderate/roles
        GET moderation.new_actor_role /moderate/roles/new
        POST moderation.new_actor_role /moderate/roles/new
        GET moderation.actor_role /moderate/roles/clinical
        POST moderation.actor_role /moderate/roles/clinical
        GET moderation.merge_actor_role /moderate/roles/clinical/merge
        POST moderation.merge_actor_role /moderate/roles/clinical/merge
        POST moderation.retire_actor_role /moderate/roles/clinical/retire
        POST moderation.bring_back_actor_role /moderate/roles/clinical/bring-back
        GET moderation.vocabulary /moderate/vocabulary
        GET moderation.vocabulary_changes /moderate/vocabulary/changes
        GET moderation.suggest_techniques /moderate/vocabulary/suggest?q=facs
        GET moderation.new_technique /moderate/vocabulary/new
        GET moderation.technique /moderate/vocabulary/{technique}
        GET moderation.organisations /moderate/organisations
        GET moderation.organisation /moderate/organisations/{university}
        POST moderation.compare_two /moderate/duplicates/{first}/{second}
        POST moderation.undo_merge /moderate/merges/{merge}/undo
        POST moderation.report_case /moderate/reports/{report}
        POST moderation.settings /moderate/settings
        POST moderation.settle_search /moderate/searches/settle
        POST moderation.synonym /moderate/searches/synonym?text=facs
        POST moderation.new_technique /moderate/vocabulary/new
        POST moderation.technique /moderate/vocabulary/{technique}
        POST moderation.undo_vocabulary_change /moderate/vocabulary/changes/{change}/undo
        POST moderation.organisation /moderate/organisations/{university}
        GET moderation.review /manage/reviews/{strict}
        POST moderation.review /manage/reviews/{strict}
        GET moderation.edit_and_accept /manage/reviews/{strict}/edit
        GET manage.edit /manage/reviews/{strict}/sections
        GET manage.edit_section /manage/reviews/{strict}/sections/basics
    """,
    ADMINISTRATORS: """
        GET moderation.users /moderate/users
        GET moderation.user /moderate/users/{user}
        GET moderation.invite_to_desk /moderate/users/invite
        POST moderation.user /moderate/users/{user}
        POST moderation.change_user /moderate/users/{user}/deactivate
        POST moderation.invite_to_desk /moderate/users/invite
    """,
    NOBODY: """
        GET facts.edition /facts/1999
        GET facts.network_figure_svg /networks/{network}/facts/made-up.svg
        GET facts.hub_figure_csv /networks/{network}/hubs/{hub}/facts/made-up.csv
        GET facts.hub_figure_svg /networks/{network}/hubs/{hub}/facts/made-up.svg
        GET facts.place_figure_svg /places/se/uppsala/facts/made-up.svg
        GET facts.place_page /places/se/made-up/facts
        GET catalogue.category /categories/microscopy
        GET catalogue.permanent /listings/{draft}
        GET catalogue.demo_image /demo/images/x
        GET confirm.confirm_by_link /confirm-listings/made-up
        POST confirm.confirm_by_link /confirm-listings/made-up
        GET enquiries.private /enquiries/made-up
        GET enquiries.requesters_file /enquiries/made-up/files/{enquiry_file}
        GET enquiries.recipients_file /enquiries/answer/made-up/files/{enquiry_file}
        POST enquiries.reply /enquiries/made-up/threads/{thread}
        POST enquiries.reply_to_everybody /enquiries/made-up/all
        GET enquiries.end_thread /enquiries/made-up/threads/{thread}/withdraw
        POST enquiries.renew /enquiries/made-up/link
        GET media.media /media/made-up
        GET moderation.report /listings/{draft}/report
        POST moderation.report /listings/{draft}/report
        GET security.two_factor_rescue /sign-in/help
        POST security.two_factor_rescue /sign-in/help
    """,
    NOT_THEIRS: """
        GET own_enquiries.open_own /account/enquiries/{enquiry}
    """,
    ITS_OWNER: """
        POST accounts.revoke /account/tokens/1/revoke
    """,
    THREAD_ANSWERERS: """
        GET manage.booking /manage/enquiries/{thread}/booking/cancel
        POST manage.booking /manage/enquiries/{thread}/booking/cancel
        GET manage.booking_file /manage/enquiries/{thread}/booking.ics
    """,
    THREAD_READERS: """
        GET manage.thread /manage/enquiries/{thread}
        GET manage.thread_file /manage/enquiries/{thread}/files/{enquiry_file}
        POST manage.change_thread /manage/enquiries/{thread}
    """,
    NO_TEAM: """
        GET manage.people /manage/listings/{draft}/team
    """,
}
