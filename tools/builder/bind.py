"""Binds the devices of drivers to nodes of the board."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from .diagnostic import Diagnostics, Note, Span, did_you_mean
from .expand import Draft, Expansion, Group
from .model import PAGE_BYTES, Board, DeviceNode, DeviceUse, MmioRange
from .names import Names, shortened
from .shape import BROKEN, Named, Value


PORT_ARCHITECTURES = ("x86_64",)


class Devices:
    """`given` is what the description says, `bound` the nodes that are right, both by instance and device name;
    `doubtful` are the instances of which a binding was wrong."""

    def __init__(self, board: Board | None, names: Names, expansion: Expansion, problems: Diagnostics) -> None:
        self.board = board
        self.names = names
        self.problems = problems
        self.nodes = _index_nodes(board)
        self.given: dict[Draft, dict[str, Value]] = {draft: {} for draft in expansion.drafts}
        self.bound: dict[str, dict[str, DeviceNode]] = {}
        self.doubtful: set[str] = set()

    def bind(self, expansion: Expansion) -> None:
        for scope in expansion.scopes:
            seen: set[int] = set()
            for members in scope.members.values():
                for member in members:
                    if id(member) not in seen:
                        seen.add(id(member))
                        self._hand_down_devices(member)
        for draft in expansion.drafts:
            self.bound[draft.name] = self._bind(draft)

    def _hand_down_devices(self, member: Draft | Group) -> None:
        for named in (member.record["devices"] or {}).values():
            if isinstance(member, Draft):
                ends = self.names.end_of_draft(member, named.name, "devices", named.span)
            else:
                ends = self.names.end_of_group(member, named.name, "devices", named.span)
            for draft, device in ends or ():
                self._hand(draft, device, named)

    def _hand(self, draft: Draft, device: str, named: Named) -> None:
        first = self.given[draft].get(device)
        if first is not None:
            self.problems.add("E0312", named.span, f"the device `{device}` of `{draft.name}` is bound twice",
                              notes=[Note("it is bound here too", first.span)])
        self.given[draft][device] = Value(named.value, named.place)

    def _bind(self, draft: Draft) -> dict[str, DeviceNode]:
        found: dict[str, DeviceNode] = {}
        if draft.component is None:
            return found
        broken = "devices" in draft.record.broken
        for name, use in draft.component.devices.items():
            value = self.given[draft].get(name)
            if value is None:
                if not use.optional and not broken and (draft.name, name) not in self.names.missed_uses:
                    self._report_unbound(draft, name, use)
                continue
            node = self._node(value) if value.value is not BROKEN else None
            if node is None:
                self.doubtful.add(draft.name)
            elif self._suits(draft, use, node, value.span):
                found[name] = node
        return found

    def _report_unbound(self, draft: Draft, name: str, use: DeviceUse) -> None:
        nodes = [node.name for node in self._suitable(use)]
        self.problems.add("E0313", draft.span, f"the device `{name}` of `{draft.name}` is not bound",
                          expected="one of " + shortened(nodes) if nodes else "a device of the board",
                          suggestion=f"devices: {{{name}: {nodes[0] if len(nodes) == 1 else 'NODE'}}}",
                          notes=[Note("the component wants it", use.span)])
        self.doubtful.add(draft.name)

    def _suitable(self, use: DeviceUse) -> list[DeviceNode]:
        """The devices of the board that could be meant."""
        nodes = self.board.nodes.values() if self.board else ()
        return [node for node in nodes if node.enabled and (node.mmio or node.ports) and set(use.compatible) & set(node.compatible)]

    def _node(self, value: Value) -> DeviceNode | None:
        if self.board is None:
            return None
        nodes = self.nodes.get(value.value, [])
        if len(nodes) == 1:
            return nodes[0]
        if nodes:
            self.problems.add("E0306", value.span, f"several devices of the board are called `{value.value}`",
                              expected="one of " + shortened(node.name for node in nodes))
        else:
            near = did_you_mean(value.value, self.nodes)
            self.problems.add("E0305", value.span, f"the board `{self.board.name}` has no device `{value.value}`",
                              expected="" if near else "a label, a path or name@unit of its device tree", suggestion=near)
        return None

    def _of_the_kernel(self, node: DeviceNode) -> str:
        """What of it the kernel uses: a page with the interrupt controller, or ports that end the machine."""
        def pages(mmio: MmioRange) -> tuple[int, int]:
            return mmio.address // PAGE_BYTES, (mmio.end - 1) // PAGE_BYTES

        own = [pages(mmio) for mmio in self.board.interrupt_controller.mmio]
        exits = self.board.test_device
        if exits and any(a.first < b.end and b.first < a.end for a in node.ports for b in exits.ports):
            return f"I/O ports of `{exits.name}`"
        return f"registers of `{self.board.interrupt_controller.name}`" if any(
            first <= last_own and first_own <= last
            for first, last in map(pages, node.mmio) for first_own, last_own in own) else ""

    def _suits(self, draft: Draft, use: DeviceUse, node: DeviceNode, span: Span) -> bool:
        if use.compatible and not set(use.compatible) & set(node.compatible):
            others = [node.name for node in self._suitable(use)]
            self.problems.add("E0307", span, f"`{node.name}` is not what `{draft.component.name}` drives",
                              found=", ".join(node.compatible), expected=" or ".join(use.compatible),
                              suggestion=others[0] if len(others) == 1 else "", notes=[Note("it is wanted here", use.span)])
            return False
        kernels = self._of_the_kernel(node)
        if kernels:
            self.problems.add("E0316", span, f"`{node.name}` cannot be given away: the kernel uses it",
                              found=kernels, expected="another device")
            return False
        reason = self._unreachable(node)
        if reason:
            self.problems.add("E0311", span, f"`{node.name}` cannot be used", found=reason)
            return False
        if use.registers and node.reach not in use.registers:
            self.problems.add("E0307", span, f"`{node.name}` is not what `{draft.component.name}` drives",
                              found=f"registers that are reached as {node.reach}", expected=" or ".join(use.registers),
                              notes=[Note("it is wanted here", use.span)])
            return False
        return True

    def _unreachable(self, node: DeviceNode) -> str:
        if not node.enabled:
            return "its status is not okay"
        if node.ports and self.board.arch not in PORT_ARCHITECTURES:
            return f"it has I/O ports, and {self.board.arch} has none"
        return "" if node.mmio or node.ports else "it has no registers that the processor can reach"


def _index_nodes(board: Board | None) -> dict[str, list[DeviceNode]]:
    """The nodes by all that a description may call them; a compatible string only if nothing else is called so."""
    found: dict[str, list[DeviceNode]] = {}
    for node in board.nodes.values() if board else ():
        for word in {node.path, node.name, *node.labels}:
            found.setdefault(word, []).append(node)
    compatible: dict[str, list[DeviceNode]] = {}
    for node in board.nodes.values() if board else ():
        for word in node.compatible:
            compatible.setdefault(word, []).append(node)
    return {**compatible, **found}
