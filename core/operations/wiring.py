"""Every room that listens to another one or writes the trail, imported in one place.

A room registers its handlers when it is imported: the bank hears of tasks done and packages published, albums
hear of a consent withdrawn, each room erases what it holds of a person. A programme that opened a database
without these imports would take orders and forget half of what they set off, so opening one imports this.

The same holds for kinds of audit entries: an erasure blanks the details that a kind declares as personal, and must
know the kinds of deeds that nobody has done in this process yet.
"""

from __future__ import annotations

from core.bank import adjustments, terms
from core.bank import listening as bank
from core.care import feedback, quiet_care
from core.care import listening as care
from core.care.sale import courses, eligibility, enrolments, going_live, offers, reopening, running_out
from core.care.work import appointments, measurements, missed, tasks
from core.choice import candidates, deciding, weights
from core.department import places, prints, profile, switches, web_address
from core.dialogue import listening as dialogue
from core.dialogue import newer_rules, readiness
from core.dialogue.answers import answers, doses
from core.dialogue.cases import alerts, calls, cases, questions, text_modules
from core.dialogue.clocks import holidays
from core.dialogue.duty import shift_plan, shifts
from core.dialogue.films import film_reviews, films, keeping, uploads
from core.dialogue.recordings import recordings
from core.dialogue.steps import ladder, silence, untaken_shifts
from core.dialogue.telling import channels, duty_page, passes, place
from core.exchange import layouts
from core.keepsakes import albums
from core.keepsakes import listening as keepsakes
from core.messages import listening as messages
from core.messages import marking
from core.packages import drafts, materials
from core.people import intake, own_nurse, signing_in, staff
from core.recognition import listening as recognition
from core.recognition import praise, stories, tips
from core.settlement import amends, entitlement_marks, refund_rules_entered, refunds
from core.settlement import listening as settlement
from core.settlement import readiness as settlement_readiness
from core.sops import approval, readings
from core.sops import drafts as sop_drafts

LISTENING = (
    bank, care, dialogue, keepsakes, messages, recognition, settlement,
)  # fmt: skip
WRITING = (
    adjustments, albums, alerts, amends, answers, appointments, approval, calls, candidates, cases,
    courses, deciding, doses, drafts, eligibility, enrolments, entitlement_marks, feedback, film_reviews, films, going_live, holidays, intake,
    keeping, ladder, layouts, marking, materials, measurements, missed, newer_rules, offers, own_nurse, places, praise, prints,
    profile, questions, quiet_care, readiness, readings, recordings, refund_rules_entered, refunds, reopening, running_out,
    settlement_readiness, shift_plan, shifts, signing_in, silence, sop_drafts, staff, stories, switches, tasks, terms, text_modules, tips, untaken_shifts,
    uploads, web_address, weights,
)  # fmt: skip
TELLING = (
    channels, duty_page, passes, place,
)  # fmt: skip
