"""The pages of the desk, and what visitors tell it."""

from tests.rights_table.answers import (
    ADMINISTRATORS,
    ANYONE,
    EDITORS_OF_DRAFT,
    MANAGERS,
    MANAGERS_OF_DRAFT,
    MODERATORS,
    NOBODY,
    SIGNED_IN,
)

TABLE = {
    ANYONE: """
        GET moderation.decisions /decisions
        GET moderation.prove /claims/{claim_token}
        GET moderation.proven /claims/{claim_token}/done
        GET moderation.report /listings/{instrument}/report
        GET moderation.report_thanks /listings/{instrument}/report/thanks
        POST moderation.prove /claims/{claim_token}
        POST moderation.report /listings/{instrument}/report
    """,
    SIGNED_IN: """
        GET moderation.claim /listings/{facility}/claim
        GET moderation.claim_thanks /listings/{facility}/claim/thanks
        GET moderation.reviews /manage/reviews
        POST moderation.claim /listings/{facility}/claim
        POST moderation.decide_together /manage/reviews
    """,
    EDITORS_OF_DRAFT: """
        GET moderation.claim /listings/{draft}/claim
        POST moderation.claim /listings/{draft}/claim
    """,
    MANAGERS: """
        GET moderation.claim_case /manage/claims/{claim}
        GET moderation.review /manage/reviews/{facility}
        GET moderation.edit_and_accept /manage/reviews/{facility}/edit
        POST moderation.claim_case /manage/claims/{claim}
        POST moderation.review /manage/reviews/{facility}
        POST moderation.edit_and_accept /manage/reviews/{facility}/edit
    """,
    MANAGERS_OF_DRAFT: """
        GET moderation.review /manage/reviews/{waiting}
        POST moderation.review /manage/reviews/{waiting}
    """,
    MODERATORS: """
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
        GET moderation.report /listings/{draft}/report
        POST moderation.report /listings/{draft}/report
    """,
}
