"""Who may do what: every route, method, object and property as every role. Whoever adds one adds its row here."""

from typing import Final

# The roles. With a token: of somebody it was never issued to (`wrong`), one that was revoked (`ended`), of an agent who
# was deactivated (`gone`), of agents without the category Billing, who had it once (`taken`), who have it (`with`),
# and of an owner who has no grant at all. Without a token: nobody, and who holds the private link of a ticket.
# `404` for an account or a link that one may not see is the answer for one that does not exist.
ROUTES: Final = """
verb   route                                          nobody wrong ended gone without taken with owner link
GET    /.well-known/jmap                              401    401   401   401  200     200   200  200   401
POST   /jmap/api                                      401    401   401   401  200     200   200  200   401
POST   /jmap/upload/{accountId}/                      401    401   401   401  404     404   201  201   401
GET    /jmap/download/{accountId}/{blobId}/{name:path} 401   401   401   401  404     404   200  200   401
GET    /jmap/events                                   401    401   401   401  200     200   200  200   401
POST   /auth/token                                    401    401   201   401  201     201   201  201   401
DELETE /auth/token                                    401    401   401   401  204     204   204  204   401
POST   /auth/password                                 401    401   401   401  204     204   204  204   401
GET    /                                              200    200   200   200  200     200   200  200   200
GET    /tickets                                       303    303   303   303  303     303   303  303   303
POST   /tickets                                       303    303   303   303  303     303   303  303   303
POST   /tickets/category                              200    200   200   200  200     200   200  200   200
POST   /tickets/files                                 200    200   200   200  200     200   200  200   200
GET    /t/{secret}                                    404    404   404   404  404     404   404  404   200
POST   /t/{secret}                                    404    404   404   404  404     404   404  404   303
POST   /t/{secret}/solved                             404    404   404   404  404     404   404  404   303
POST   /t/{secret}/waiting                            404    404   404   404  404     404   404  404   303
POST   /t/{secret}/rating                             404    404   404   404  404     404   404  404   303
POST   /t/{secret}/works                              404    404   404   404  404     404   404  404   303
POST   /t/{secret}/broken                             404    404   404   404  404     404   404  404   303
POST   /t/{secret}/follow                             404    404   404   404  404     404   404  404   303
POST   /incidents/{incident_id}/follow                200    200   200   200  200     200   200  200   200
GET    /incidents/confirm/{secret}                    404    404   404   404  404     404   404  404   404
POST   /incidents/confirm/{secret}                    404    404   404   404  404     404   404  404   404
GET    /links                                         200    200   200   200  200     200   200  200   200
POST   /links                                         200    200   200   200  200     200   200  200   200
GET    /t/{secret}/files/{blob_id}/{name:path}        404    404   404   404  404     404   404  404   200
GET    /faq                                           200    200   200   200  200     200   200  200   200
GET    /faq/offers                                    200    200   200   200  200     200   200  200   200
GET    /faq/{slug}                                    200    200   200   200  200     200   200  200   200
POST   /faq/{slug}/answered                           303    303   303   303  303     303   303  303   303
GET    /static/{name}                                 200    200   200   200  200     200   200  200   200
POST   /hooks/{name}                                  401    401   401   401  401     401   401  401   401
GET    /healthz                                       200    200   200   200  200     200   200  200   200
GET    /readyz                                        200    200   200   200  200     200   200  200   200
"""

# Which accounts are open: to nobody else, by no method. What is not open does not exist (`accountNotFound`).
ACCOUNTS: Final = """
account       without taken with owner
category      -       -     open open
own           open    open  open open
colleague's   -       -     -    -
team          open    open  open open
oversight     -       -     -    open
missing       -       -     -    -
"""

# What a method answers in an account that is open: `ok`; `readOnly` (accountReadOnly); `-` where the account holds no
# such thing (accountNotSupportedByMethod); `declines` (cannotCalculateChanges).
METHODS: Final = """
method                     category own      team     oversight
Core/echo                  ok       ok       ok       ok
Blob/copy                  ok       ok       readOnly ok
Ticket/get                 ok       -        -        -
Ticket/changes             ok       -        -        -
Ticket/set                 ok       -        -        -
Ticket/query               ok       -        -        -
Ticket/queryChanges        declines -        -        -
Ticket/takeNext            -        ok       -        -
Ticket/similar             ok       -        -        -
Ticket/piles               ok       -        -        -
Message/get                ok       -        -        -
Message/changes            ok       -        -        -
Message/set                ok       -        -        -
Message/query              ok       -        -        -
Message/queryChanges       declines -        -        -
Requester/get              ok       -        -        -
Requester/changes          ok       -        -        -
Requester/query            ok       -        -        -
Requester/queryChanges     declines -        -        -
TicketArrival/get          ok       -        -        -
TicketArrival/changes      ok       -        -        -
TicketArrival/query        ok       -        -        -
TicketArrival/queryChanges declines -        -        -
Delivery/get               ok       -        -        -
Delivery/changes           ok       -        -        -
Delivery/query             ok       -        -        -
Delivery/queryChanges      declines -        -        -
Surge/get                  ok       -        -        -
Surge/changes              ok       -        -        -
Surge/query                ok       -        -        -
Surge/queryChanges         declines -        -        -
NextInLine/get             ok       -        -        -
NextInLine/changes         ok       -        -        -
NextInLine/query           ok       -        -        -
NextInLine/queryChanges    declines -        -        -
Category/get               ok       -        ok       ok
Category/changes           ok       -        ok       ok
Category/set               ok       -        readOnly ok
Category/query             ok       -        ok       ok
Category/queryChanges      declines -        declines declines
CategoryGrant/get          -        ok       -        -
CategoryGrant/changes      -        ok       -        -
CategoryGrant/query        -        ok       -        -
CategoryGrant/queryChanges -        declines -        -
ReadMark/get               -        ok       -        -
ReadMark/changes           -        ok       -        -
ReadMark/set               -        ok       -        -
ReadMark/query             -        ok       -        -
ReadMark/queryChanges      -        declines -        -
QuickNote/get              -        ok       -        -
QuickNote/changes          -        ok       -        -
QuickNote/set              -        ok       -        -
QuickNote/query            -        ok       -        -
QuickNote/queryChanges     -        declines -        -
HeldMessage/get            -        ok       -        -
HeldMessage/changes        -        ok       -        -
HeldMessage/set            -        ok       -        -
HeldMessage/query          -        ok       -        -
HeldMessage/queryChanges   -        declines -        -
Agent/get                  -        -        ok       -
Agent/changes              -        -        ok       -
Agent/query                -        -        ok       -
Agent/queryChanges         -        -        declines -
SpotCheck/get              -        -        -        ok
SpotCheck/changes          -        -        -        ok
SpotCheck/set              -        -        -        ok
SpotCheck/query            -        -        -        ok
SpotCheck/queryChanges     -        -        -        declines
Closing/get                -        -        ok       -
Closing/changes            -        -        ok       -
Closing/set                -        -        ok       -
Closing/query              -        -        ok       -
Closing/queryChanges       -        -        declines -
Incident/get               -        -        ok       -
Incident/changes           -        -        ok       -
Incident/set               -        -        ok       -
Incident/query             -        -        ok       -
Incident/queryChanges      -        -        declines -
IncidentNote/get           -        -        ok       -
IncidentNote/changes       -        -        ok       -
IncidentNote/set           -        -        ok       -
IncidentNote/query         -        -        ok       -
IncidentNote/queryChanges  -        -        declines -
FaqEntry/get               -        -        ok       -
FaqEntry/changes           -        -        ok       -
FaqEntry/set               -        -        ok       -
FaqEntry/query             -        -        ok       -
FaqEntry/queryChanges      -        -        declines -
FaqEntry/trend             -        -        -        ok
AgentAccess/get            -        -        -        ok
AgentAccess/changes        -        -        -        ok
AgentAccess/set            -        -        -        ok
AgentAccess/query          -        -        -        ok
AgentAccess/queryChanges   -        -        -        declines
UnreachedAlert/get         -        -        -        ok
UnreachedAlert/changes     -        -        -        ok
UnreachedAlert/query       -        -        -        ok
UnreachedAlert/queryChanges -       -        -        declines
OpenTicketCap/get          -        -        -        ok
OpenTicketCap/changes      -        -        -        ok
OpenTicketCap/set          -        -        -        ok
OpenTicketCap/query        -        -        -        ok
OpenTicketCap/queryChanges -        -        -        declines
Alert/report               -        ok       -        -
Alert/trace                ok       -        -        -
Intake/figures             -        -        -        ok
Intake/setCalendar         -        -        -        ok
Ticket/newLink             ok       -        -        -
Requester/export           -        -        -        ok
Requester/erase            -        -        -        ok
Presence/set               ok       -        -        -
"""

# What may be done to objects of an account that is open: `yes`, or the refusal. An owner is an agent everywhere.
DEEDS: Final = """
object      account   deed    agent     owner
Ticket      category  create  yes       yes
Ticket      category  update  yes       yes
Ticket      category  destroy forbidden yes
Message     category  create  yes       yes
Message     category  update  forbidden forbidden
Message     category  destroy forbidden forbidden
Category    category  create  forbidden forbidden
Category    category  update  forbidden forbidden
Category    category  destroy forbidden forbidden
Category    oversight create  closed    yes
Category    oversight update  closed    yes
Category    oversight destroy closed    forbidden
Closing     team      create  forbidden yes
Closing     team      update  forbidden yes
Closing     team      destroy forbidden yes
Incident    team      create  yes       yes
Incident    team      update  yes       yes
Incident    team      destroy forbidden forbidden
IncidentNote team     create  yes       yes
IncidentNote team     update  forbidden forbidden
IncidentNote team     destroy forbidden forbidden
FaqEntry    team      create  yes       yes
FaqEntry    team      update  yes       yes
FaqEntry    team      destroy yes       yes
AgentAccess oversight create  closed    yes
AgentAccess oversight update  closed    yes
AgentAccess oversight destroy closed    forbidden
SpotCheck   oversight create  closed    yes
SpotCheck   oversight update  closed    forbidden
SpotCheck   oversight destroy closed    forbidden
OpenTicketCap oversight create closed   yes
OpenTicketCap oversight update closed   yes
OpenTicketCap oversight destroy closed  yes
ReadMark    own       create  yes       yes
ReadMark    own       update  yes       yes
ReadMark    own       destroy yes       yes
QuickNote   own       create  yes       yes
QuickNote   own       update  yes       yes
QuickNote   own       destroy yes       yes
HeldMessage own       create  yes       yes
HeldMessage own       update  forbidden forbidden
HeldMessage own       destroy yes       yes
"""

# Who gives a property its value: whoever makes the object (`create`), whoever changes it (`update`), or the server
# alone (`-`). What is refused in an object that may be changed is `invalidProperties`.
PROPERTIES: Final = """
property                   create update
Ticket.clientKey           create -
Ticket.number              -      -
Ticket.subject             create -
Ticket.categoryId          create update
Ticket.status              -      update
Ticket.priority            create update
Ticket.channel             create -
Ticket.site                create -
Ticket.assigneeId          create update
Ticket.requesterId         -      -
Ticket.awaiting            -      -
Ticket.awaitingSince       -      -
Ticket.createdAt           -      -
Ticket.updatedAt           -      -
Ticket.closedAt            -      -
Ticket.resolution          create update
Ticket.outcome             create update
Ticket.tags                create update
Ticket.mergedIntoId        -      update
Ticket.followUpOf          create -
Ticket.links               -      update
Ticket.incidentId          -      update
Ticket.lastSeq             -      -
Ticket.reminders           -      -
Ticket.rating              -      -
Ticket.messageId           -      -
Ticket.requester           create -
Ticket.firstMessage        create -
Message.clientKey          create -
Message.ticketId           create -
Message.seq                -      -
Message.kind               create -
Message.authorId           -      -
Message.bodyText           create -
Message.composedAt         create -
Message.postedAt           -      -
Message.attachments        create -
Message.originalBlobId     -      -
Message.baseSeq            create -
Category.name              create update
Category.agentIds          -      -
Category.limitMs           create update
Category.description       create update
OpenTicketCap.categoryId   create -
OpenTicketCap.most         create update
OpenTicketCap.until        create update
OpenTicketCap.reason       create update
OpenTicketCap.ledTimes     -      -
Closing.name               create update
Closing.notice             create update
Closing.startsAt           create update
Closing.endsAt             create update
Closing.categoryIds        create update
Incident.clientKey         create -
Incident.title             create update
Incident.notice            create update
Incident.since             create update
Incident.eta               create update
Incident.fixedAt           -      update
Incident.cause             create update
Incident.categoryIds       create update
Incident.isPublic          create update
Incident.keeperId          create update
Incident.authorId          -      -
Incident.createdAt         -      -
Incident.updatedAt         -      -
Incident.lateAt            -      -
Incident.followers         -      -
Incident.works             -      -
Incident.broken            -      -
IncidentNote.clientKey     create -
IncidentNote.incidentId    create -
IncidentNote.text          create -
IncidentNote.authorId      -      -
IncidentNote.at            -      -
FaqEntry.clientKey         create -
FaqEntry.question          create update
FaqEntry.answer            create update
FaqEntry.categoryIds       create update
FaqEntry.language          create update
FaqEntry.status            create update
FaqEntry.slug              -      -
FaqEntry.authorId          -      -
FaqEntry.updatedAt         -      -
FaqEntry.shown             -      -
FaqEntry.opened            -      -
FaqEntry.answered          -      -
AgentAccess.name           create update
AgentAccess.isOwner        create update
AgentAccess.active         -      update
AgentAccess.categoryIds    create update
AgentAccess.secondLineIds  create update
AgentAccess.devices        -      update
AgentAccess.lastSeenAt     -      -
AgentAccess.password       create update
AgentAccess.reassignTo     -      -
SpotCheck.clientKey        create -
SpotCheck.byAgentId        -      -
SpotCheck.at               create -
SpotCheck.asOf             create -
SpotCheck.awaiting         create -
SpotCheck.new              create -
SpotCheck.tooLong          create -
SpotCheck.oldestTicketId   create -
ReadMark.ticketId          create -
ReadMark.lastSeq           create update
QuickNote.clientKey        create -
QuickNote.text             create update
QuickNote.createdAt        create -
QuickNote.ticketId         create update
HeldMessage.clientKey      create -
HeldMessage.ticketId       create -
HeldMessage.kind           create -
HeldMessage.bodyText       create -
HeldMessage.composedAt     create -
HeldMessage.reason         create -
HeldMessage.attachments    create -
"""


def rows(text: str, keys: int = 1) -> dict[tuple[str, ...], dict[str, str]]:
    """A table's cells by its first `keys` columns and by the heading of the others."""
    head, *lines = [line.split() for line in text.strip().splitlines()]
    return {tuple(line[:keys]): dict(zip(head[keys:], line[keys:], strict=True)) for line in lines}
