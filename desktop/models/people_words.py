"""What a plan of ticks means, in sentences: who then covers what, who loses what, what would be left to nobody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desktop.models.people_matrix import Place
from desktop.translation import translate
from sync.domain.people import AgentAccess, Cover, Plan, covers, leaves_no_owner, losses

_MOST_NAMES = 6


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line of the preview; a warning is said first and asks before it is saved."""

    words: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """What the owner's cache knows: tickets of a category, and open tickets of somebody in a category."""

    tickets: Callable[[str], int]
    assigned: Callable[[str, str], int]


def preview(
    people: Sequence[AgentAccess], categories: Sequence[Place], plan: Plan, myself: str, held: Held
) -> list[Sentence]:
    """Warnings first, then categories by name, then people by name."""
    names = {one.id: one.name for one in people}
    ids = [one.id for one in categories]
    titles = {one.id: one.name for one in categories}
    warnings, said = [], []
    if leaves_no_owner(people, plan):
        warnings.append(translate("People", "There would be no owner. Make somebody an owner first."))
    elif plan.owners.get(myself) is False:
        warnings.append(translate("People", "You would be no owner any more: this page closes for you."))
    for cover in covers(people, ids, plan):
        if not cover.changed:
            continue
        title = titles[cover.category_id]
        if not cover.after:
            words = translate("People", "{category}: nobody. Its tickets would ring for nobody at once.")
            warnings.append(words.format(category=title))
        else:
            said.append(_covered(title, names, cover))
    said += [_role(names[agent_id], is_owner) for agent_id, is_owner in plan.owners.items() if agent_id in names]
    said += [_loss(person, lost, titles, held) for person, lost in losses(people, ids, plan)]
    return [Sentence(one, warning=True) for one in warnings] + [Sentence(one) for one in said]


def _covered(title: str, names: dict[str, str], cover: Cover) -> str:
    words = translate("People", "{category}: {names}").format(category=title, names=_listed(names, cover.after))
    came = [one for one in cover.after if one not in cover.before]
    went = [one for one in cover.before if one not in cover.after]
    if came:
        words += " " + translate("People", "(new: {names})").format(names=_listed(names, came))
    if went:
        words += " " + translate("People", "(no longer: {names})").format(names=_listed(names, went))
    return words


def _listed(names: dict[str, str], ids: Sequence[str]) -> str:
    if len(ids) <= _MOST_NAMES + 1:
        return ", ".join(names[one] for one in ids)
    some = ", ".join(names[one] for one in ids[:_MOST_NAMES])
    return translate("People", "{names} and {count} others").format(names=some, count=len(ids) - _MOST_NAMES)


def _role(name: str, is_owner: bool) -> str:
    if is_owner:
        words = translate("People", "{name} becomes an owner: sees every category, keeps people and categories.")
    else:
        words = translate("People", "{name} is no owner any more.")
    return words.format(name=name)


def _loss(person: AgentAccess, lost: Sequence[str], titles: dict[str, str], held: Held) -> str:
    tickets = sum(held.tickets(one) for one in lost)
    assigned = sum(held.assigned(person.id, one) for one in lost)
    words = translate("People", "{name} loses {categories}: their workstations drop {count} tickets.")
    if assigned:
        words = translate(
            "People",
            "{name} loses {categories}: their workstations drop {count} tickets, "
            "and {assigned} open ones there are assigned to nobody.",
        )
    categories = ", ".join(titles[one] for one in lost)
    return words.format(name=person.name, categories=categories, count=tickets, assigned=assigned)
