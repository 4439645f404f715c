"""The FAQ's list: a card for each entry, with what became of it, and for what is not at the server yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from desktop.models.cards import Card
from desktop.models.faq_drafts import FaqDraft
from desktop.models.moments import Moments
from desktop.translation import translate
from sync.domain.faq import FaqHead, Status, is_found


class Among(StrEnum):
    """Which entries are listed."""

    ALL = "all"
    DRAFTS = "draft"
    PUBLISHED = "published"
    HELPFUL = "helpful"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which entries, with which words in them; `kept`: the one that is being written stays listed whatever it holds."""

    among: Among = Among.ALL
    words: str = ""
    kept: FaqHead | None = None
    kept_id: str = ""


def cards_of(
    heads: Sequence[FaqHead], drafts: Mapping[str, FaqDraft], wish: Wish, moments: Moments, now_ms: int
) -> list[Card]:
    """What is new here first, then the entries as they come, or those that helped most first."""
    new = [one for one in drafts.values() if one.is_new and (one.id == wish.kept_id or _is_wished(one, wish))]
    listed = _listed(heads, wish.among)
    if wish.kept is not None and all(one.id != wish.kept.id for one in listed):
        listed.insert(0, wish.kept)
    return [
        *(_draft_card(one, moments, now_ms) for one in new),
        *(_card(one, one.id in drafts, moments, now_ms) for one in listed),
    ]


def _is_wished(draft: FaqDraft, wish: Wish) -> bool:
    here = wish.among in (Among.ALL, Among.DRAFTS)
    return here and is_found(wish.words, draft.words.question, draft.words.answer)


def counts_words(head: FaqHead) -> str:
    """What became of an entry, in a line."""
    if head.status is Status.DRAFT and not head.shown:
        return translate("Faq", "Not published yet")
    if head.helped is None:
        return translate("Faq", "Shown to nobody yet")
    words = translate("Faq", "Answered {answered} of {shown} ({percent} %), opened {opened}")
    percent = round(100 * head.helped)
    return words.format(answered=head.answered, shown=head.shown, percent=percent, opened=head.opened)


def _listed(heads: Iterable[FaqHead], among: Among) -> list[FaqHead]:
    if among is Among.HELPFUL:
        published = [one for one in heads if one.status is Status.PUBLISHED]
        return sorted(published, key=lambda one: (-one.answered, -(one.helped or 0.0), one.question.casefold()))
    return [one for one in heads if among is Among.ALL or one.status == among.value]


def _card(head: FaqHead, unsaved: bool, moments: Moments, now_ms: int) -> Card:
    public = head.status is Status.PUBLISHED
    icon, ink = ("globe", "us") if public else ("lock", "note")
    when = moments.short(head.updated_at, now_ms)
    mark = ("saved-here", translate("Faq", "Your changes are saved here only"), "pending") if unsaved else ("", "", "")
    return Card(head.id, icon, ink, head.question, "", when, counts_words(head), *mark)


def _draft_card(draft: FaqDraft, moments: Moments, now_ms: int) -> Card:
    title = draft.words.question or translate("Faq", "New entry")
    words = translate("Faq", "Saved here only")
    when = moments.short(draft.at, now_ms)
    return Card(draft.id, "plus", "note", title, "", when, "", "saved-here", words, "pending")
