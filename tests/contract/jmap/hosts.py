"""The hosts that pass the contract of JMAP Core. A server adds its factories here."""

from collections.abc import Sequence

from tests.contract.jmap.rig import HostFactory
from tests.contract.jmap.server_hosts import SERVER_HOSTS
from tests.contract.jmap.toy import ToyHosts

FACTORIES: Sequence[HostFactory] = (ToyHosts(), *SERVER_HOSTS)
