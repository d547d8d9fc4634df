"""The catalogue of errors: each code, what it means and how to mend it; published, and no code is ever taken back."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple


class Entry(NamedTuple):
    """One error in plain English."""

    meaning: str
    mend: str
    kind: Literal["refused", "reported"] = "refused"
    """refused: the event was kept but not routed; reported: it was routed all the same."""


_RECORD = {
    "oversize": Entry(
        "The record is larger than 64 KiB.",
        "Send the essentials, and say in a field where the full record can be asked for.",
    ),
    "not-json": Entry("The record is not JSON in UTF-8.", "Send one JSON object per record."),
    "not-an-object": Entry("The record is JSON, but not an object.", "Send one CloudEvent, as a JSON object."),
    "duplicate-keys": Entry(
        "An object says the same key twice, so that it has two meanings.", "Say each key once in each object."
    ),
    "unknown-type": Entry(
        "Sharewell has no contract of this type.", "Use a type from the list that `sharewell contracts` prints."
    ),
    "unknown-version": Entry(
        "Sharewell knows this type, but not in this version.", "Send a version that is published."
    ),
    "unknown-publisher": Entry(
        "No publisher in the directory owns this topic.", "Ask the Sharewell desk to enter your system as a publisher."
    ),
    "wrong-publisher-for-topic": Entry(
        "The source is not that of the publisher who owns this topic.",
        "Send your own source, exactly as it stands in the directory.",
    ),
    "wrong-publisher-for-type": Entry(
        "Your service may not publish events of this type.",
        "Send the type meant for your service; see who may publish what in the contract.",
    ),
    "sequence-missing": Entry(
        "An update or a cancellation has no sequence.", "Send a sequence that rises with each version of the record."
    ),
    "record-id-missing": Entry(
        "An update or a cancellation does not say of which record.", "Send the record_id of the first version."
    ),
    "id-conflict": Entry(
        "An event with this source and id, but with other content, was taken before.",
        "Give each event its own id; a correction is a new event with eventaction update.",
    ),
    "superseded-by-newer": Entry(
        "A version of this record with a higher sequence was taken before.",
        "Nothing, if the newer version is right; otherwise send an update with a higher sequence.",
        "reported",
    ),
    "record-id-reused": Entry(
        "A new event names a record that was taken before, and has no higher sequence than that record has now.",
        "If it is another matter, send it with a record_id of its own; if it is the same, as an update with a higher "
        "sequence. Telephone what cannot wait: nobody has been told of it.",
    ),
    "record-id-of-others": Entry(
        "What was taken before under this record_id is about other people, and this was taken as another matter.",
        "Give each matter a record_id of its own. If it is the same matter, and the other people were named in error, "
        "cancel that first version as it was sent: until then it stands for them.",
        "reported",
    ),
    "sequence-reused": Entry(
        "Another version of this record was taken before with the same sequence: which is the newer, nobody can tell.",
        "Send what is true now as an update with a higher sequence; each version needs a sequence of its own.",
    ),
    "not-processed": Entry(
        "The record passed its checks, and Sharewell failed to work out what follows from it.",
        "Telephone what cannot wait; the Sharewell desk has the record and will route it or tell you what to change.",
    ),
    "unknown-delivery": Entry(
        "No delivery of this id was made to this team.", "Send back the delivery_id of the summary that you answer."
    ),
}

_FIELD = {
    "missing": Entry(
        "A mandatory field is missing.", 'Send it. Where the contract takes an absence there: {"absent": "<reason>"}.'
    ),
    "unknown-field": Entry(
        "The contract has no such field.", "Leave it out, or correct its name: the contract lists the fields."
    ),
    "wrong-type": Entry("The field holds another kind of value than the contract says.", "Send the kind it asks for."),
    "wrong-choice": Entry("The value is none of those to choose from.", "Send one of the choices."),
    "wrong-form": Entry("The text is not of the form the contract asks for.", "Write it in that form."),
    "too-long": Entry("The text or the list is too long.", "Shorten it to the limit."),
    "too-short": Entry(
        "The text is blank, or the list is too short.",
        'Send what is known; where nothing is, send {"absent": "<reason>"} if the field takes it.',
    ),
    "out-of-range": Entry("The number is outside its range.", "Send a number within the range."),
    "date-form": Entry("The date is not a day of the calendar, written as 2026-03-14.", "Write year-month-day."),
    "time-form": Entry(
        "The date and time is not written as 2026-03-14T16:40:00+00:00.", "Write it as RFC 3339 says, with its offset."
    ),
    "time-without-offset": Entry(
        "The time has no offset, so that it may mean two moments.", "Add Z, +00:00 or +01:00 to it."
    ),
    "uuid-form": Entry("The id is not a UUID.", "Send a UUID, a new one for each event."),
    "invalid": Entry("The field is not as the contract says.", "Compare it with the published schema."),
    "sensitivity-unknown-field": Entry(
        "A restriction names a field that the contract does not show, so that it would restrict nothing.",
        "Use the field's name as the contract has it.",
    ),
    "not-recorded": Entry(
        "Something that is wanted was not recorded.", "Record it and send an update; the event was routed.", "reported"
    ),
}

_PEOPLE = {
    "nhs-number-form": Entry("The NHS number is not ten digits.", "Write ten digits with no spaces or dashes."),
    "nhs-number-digits": Entry(
        "The NHS number is written with characters other than the digits 0 to 9.",
        "Write it with the digits 0 to 9; full-width and other digits are not taken.",
    ),
    "nhs-number-check-digit": Entry(
        "The NHS number fails its check digit: at least one digit is wrong.",
        "Take it again from the person's record; where it cannot be traced, leave it out and give the status.",
    ),
    "nhs-number-missing": Entry(
        "The NHS number is said to be verified, but none is given.",
        "Send the number, or the status that says why there is none.",
    ),
    "nhs-number-in-attribute": Entry(
        "An attribute of the envelope holds an NHS number; attributes are logged and passed on.",
        "Use an opaque key of your own; NHS numbers stand in data.subjects only.",
    ),
    "nhs-number-as-identifier": Entry(
        "An identifier is, or holds, an NHS number (in an event that of somebody it names); identifiers are stored and "
        "passed on.",
        "Use an opaque identifier of your own.",
    ),
    "key-looks-like-nhs-number": Entry(
        "The record's Kafka key looks like an NHS number.", "Use an opaque key of your own for the person.", "reported"
    ),
    "wrong-role": Entry(
        "Nobody among the subjects has a role that this event is about.",
        "Name the person concerned among the subjects, with one of the roles.",
    ),
    "household-answer": Entry(
        "Children are listed if, and only if, the answer is 'listed'.",
        "Give the children, or answer asked-none, asked-refused, not-asked or unable.",
    ),
    "baby-without-subject": Entry(
        "A live baby is not among the subjects, or a baby's NHS number is nobody's among them.",
        "Name each live baby as a subject with the role child.",
    ),
    "superseded-by-itself": Entry("The old and the new NHS number are the same.", "Send the two numbers."),
    "restricted-address": Entry(
        "A restricted address comes with an area or an authority.",
        'Send {"absent": "withheld"} for residence and home_authority, those of the subjects included.',
    ),
    "restricted-placement": Entry(
        "A restricted placement comes with an area or an authority.",
        'Send {"absent": "withheld"} for in_area, placement_area, placement_authority and home_authority.',
    ),
    "school-for-no-pupil": Entry(
        "A child who is not at school has a school.", 'Send {"absent": "not-applicable"} for the school.'
    ),
}

_CONTENT = {
    "contact-missing": Entry(
        "There is neither a telephone number nor an e-mail address.", "Send one that reaches a staffed team."
    ),
    "voice-of-child": Entry(
        "The voice of the child is neither given nor explained, or it is both.",
        "Send what the child said or showed, or the reason why that is missing.",
    ),
    "consent-reason": Entry("Consent was not sought, and there is no reason.", "Say why it was not sought."),
    "flag-end-date": Entry(
        "A flag that ended lacks its end date, or a live one has such a date.",
        "Send ended_on if, and only if, change is 'ended'.",
    ),
    "flag-end-reason": Entry("A flag ended with no reason.", "Say why it ended."),
    "placement-before-care": Entry(
        "A placement is said to be older than the care it belongs to.",
        "Send the day of the placement in changed_on, and the day of becoming looked after in looked_after_since.",
    ),
    "left-care-for": Entry(
        "A child who did not leave care is said to have left it for something.",
        'Send {"absent": "not-applicable"} for left_to unless change is \'left-care\'.',
    ),
    "action-twice": Entry("Two actions of a plan have one id.", "Give each action an id of its own."),
    "copy-names-somebody": Entry(
        "The young person's copy names somebody else among the subjects.",
        "Write who somebody is to the young person, without a name.",
    ),
    "answer-too-late": Entry(
        "Answers are asked for after the assessment that they are for.",
        "Send an answer_before that is not after assessment_on.",
    ),
    "answer-and-content": Entry(
        "An answer says that something is held and does not say what, or that nothing is and says something.",
        "Send what is held, or answer nothing-held with every part absent.",
    ),
    "mash-answer": Entry(
        "Facts are given with an answer that nothing is held, or what is held is not told.",
        "Give the facts in concern if, and only if, the answer is 'held'.",
    ),
    "receipt-by-person": Entry(
        "This receipt can only be given by a named person, and came from a system.",
        "Send collected, validated or matched from a system; the rest with the person's name.",
    ),
    "receipt-record-ref": Entry("A filed receipt does not name the record.", "Send record_ref."),
    "receipt-outcome": Entry("An acted receipt does not say what came of it.", "Send outcome."),
    "receipt-action": Entry("A receipt that is not acted names an action.", "Send acted, or leave action out."),
}

CATALOGUE: Mapping[str, Entry] = MappingProxyType({**_RECORD, **_FIELD, **_PEOPLE, **_CONTENT})
"""Every code there is."""
