"""Flattens compounds and replicas: afterwards there are single instances, each named as the outside sees it.

A `Scope` is one system or the inside of one compound: what its names mean. Names are looked up by link.py;
here only what exists is worked out, in the order of the files.
"""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from . import grammar
from .component import Compound
from .diagnostic import Diagnostics, Note, Span, did_you_mean
from .expression import substitute
from .load import Library
from .model import Attribute, Board, ComponentType, ConfigValue, Pci
from .shape import BROKEN, Key, Named, Record, Value
from .typed import shape_of

NESTING_MAX = 8
INSTANCES_MAX = 16000   # more than anyone writes down; stops a compound that explodes
# Keys of an instance that mean nothing for a compound: its inner instances have their own.
NOT_FOR_COMPOUNDS = ("priority", "budget", "period", "stack")


@dataclass(slots=True, eq=False)
class Draft:
    """A single instance before its names are looked up. `scope` is where the names in `record` have a meaning."""

    name: str
    record: Record
    component: ComponentType | None     # None: unknown or wrong, and already reported
    scope: Scope
    config: dict[str, ConfigValue]
    config_broken: bool
    outer: Draft | Group | None         # the compound's instance around it

    @property
    def span(self) -> Span:
        return self.record.key.span


@dataclass(slots=True, eq=False)
class Group:
    """An instance of a compound: what it stands for is the scope inside."""

    name: str
    record: Record
    inside: Scope
    scope: Scope
    exports: Record | None


@dataclass(slots=True, eq=False)
class Scope:
    """The instances, connections and regions that one file declares."""

    prefix: str
    where: str                                                          # for messages
    outer: Group | None
    members: dict[str, tuple[Draft | Group, ...]] = field(default_factory=dict)
    declared: dict[str, Span] = field(default_factory=dict)             # names of instances, broken ones too
    removed: set[str] = field(default_factory=set)                      # left out by `when`
    connections: tuple[Value, ...] = ()
    connections_broken: bool = False                                    # some could not be read
    regions: list[Named] = field(default_factory=list)
    regions_removed: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Expansion:
    top: Scope
    scopes: tuple[Scope, ...]
    drafts: tuple[Draft, ...]
    too_many: bool      # and so the rest was left out


# The instance that drives a board's PCI host in systems that have none for it.
PCI_BUS = "pcie"


def expand(record: Record, library: Library, settings_scope: Mapping[str, Mapping[str, object]], board: Board | None,
           problems: Diagnostics) -> Expansion:
    expander = _Expander(library, settings_scope, problems)
    top = Scope("", "the system", None)
    expander.fill(top, record, 0)
    if board is not None and board.pci is not None:
        expander.add_pci_bus(top, board.pci)
    return Expansion(top, tuple(expander.scopes), tuple(expander.drafts), expander.too_many)


class _Expander:
    def __init__(self, library: Library, settings_scope: Mapping[str, Mapping[str, object]], problems: Diagnostics) -> None:
        self.library = library
        self.settings_scope = settings_scope
        self.problems = problems
        self.scopes: list[Scope] = []
        self.drafts: list[Draft] = []
        self.unknown_components: dict[str, Span] = {}
        self.trail: list[str] = []          # the compounds around the one that is being filled
        self.too_many = False

    def fill(self, scope: Scope, record: Record, depth: int) -> None:
        """Makes the members of a scope from what its file declares."""
        self.scopes.append(scope)
        instances = record["instances"] or {}
        scope.declared = {named.name: named.span for named in instances.values()}
        for named in instances.values():
            self._add_instance(scope, named, instances, depth)
        connections = record["connections"] or ()
        scope.connections = tuple(value for value in connections if value.value is not BROKEN)
        scope.connections_broken = "connections" in record.broken or len(scope.connections) < len(connections)
        self._add_regions(scope, record)

    def add_pci_bus(self, top: Scope, pci: Pci) -> None:
        """Who uses a PCI function needs somebody to switch it on."""
        bound = {value.value for scope in self.scopes for members in scope.members.values() for member in members
                 for value in (member.record["devices"] or {}).values()}
        if not any(node.called & bound for node in pci.functions) or pci.host.called & bound:
            return
        if PCI_BUS in top.declared:
            self.problems.add("E0319", top.declared[PCI_BUS], f"the instance that drives `{pci.host.name}` is called as another",
                              found=f"`{PCI_BUS}`", expected="another name for this one, or the host among its devices",
                              notes=[Note("the board's instance", pci.driver.key.span)])
            return
        top.declared[PCI_BUS] = pci.driver.key.span
        member = self._member(top, PCI_BUS, pci.driver, 0)
        top.members[PCI_BUS] = (member,) if member is not None else ()

    def _add_regions(self, scope: Scope, record: Record) -> None:
        for named in (record["regions"] or {}).values():
            if named.value is BROKEN:
                continue
            if named.value["when"]:
                scope.regions.append(named)
            else:
                scope.regions_removed.add(named.name)

    def _add_instance(self, scope: Scope, named: Named, instances: Mapping[str, Named], depth: int) -> None:
        if named.value is BROKEN:
            return
        record: Record = named.value
        if not record["when"]:
            scope.removed.add(named.name)
            return
        count = record["replicas"]
        names = [named.name] if count is None else [f"{named.name}{index}" for index in range(count)]
        members = []
        for name in names:
            if count is not None and name in instances:
                self.problems.add("E0407", record.at("replicas"), f"a replica of `{named.name}` is called as another "
                                  "instance", found=f"`{name}`", notes=[Note("the other one", instances[name].span)])
                continue
            member = self._member(scope, name, record, depth)
            if member is not None:
                members.append(member)
                scope.members[name] = (member,)
        scope.members[named.name] = tuple(members)

    def _member(self, scope: Scope, name: str, record: Record, depth: int) -> Draft | Group | None:
        full = scope.prefix + name
        component = self._component(record)
        if isinstance(component, Compound):
            return self._group(scope, full, record, component, depth)
        if len(self.drafts) >= INSTANCES_MAX:
            if not self.too_many:
                self.problems.add("E0408", record.key.span, "there are too many instances",
                                  expected=f"at most {INSTANCES_MAX}")
            self.too_many = True
            return None
        attributes = component.attributes if component else {}
        config, broken = self._config(record, attributes, record["component"], component is None)
        draft = Draft(full, record, component, scope, config, broken, scope.outer)
        self.drafts.append(draft)
        return draft

    def _component(self, record: Record) -> ComponentType | Compound | None:
        if "component" not in record:
            return None
        name = record["component"]
        component = self.library.component(name)
        if name not in self.library.folders and name not in self.unknown_components:
            self.unknown_components[name] = record.at("component")
            self.problems.add("E0403", record.at("component"), f"there is no component `{name}`",
                              expected=f"a folder {name} with a component.yaml below components/",
                              suggestion=did_you_mean(name, self.library.folders))
        return component

    # --- Compounds ---

    def _group(self, scope: Scope, full: str, record: Record, compound: Compound, depth: int) -> Group | None:
        if compound.name in self.trail or depth >= NESTING_MAX:
            if compound.name in self.trail:
                self.problems.add("E0409", record.at("component"), f"the compound `{compound.name}` contains itself",
                                  found=" -> ".join([*self.trail, compound.name]))
            else:
                self.problems.add("E0409", record.at("component"), "compounds are nested too deeply",
                                  expected=f"at most {NESTING_MAX} levels")
            return None
        for key in NOT_FOR_COMPOUNDS:
            if key in record.spans:
                self.problems.add("E0410", record.at(key), f"`{key}` means nothing for the compound `{compound.name}`",
                                  expected=f"`{key}` at the instances inside, perhaps from an attribute")
        config, broken = self._config(record, compound.attributes, compound.name, False)
        if broken:
            return None
        values = {name: value.value for name, value in config.items()}
        tree = substitute(compound.tree, {**self.settings_scope, "config": values}, self.problems)
        value = grammar.COMPOUND.read(tree, self.problems, Key(compound.name, compound.span))
        if value is None:
            return None
        inner: Record = value.value
        group = Group(full, record, Scope(f"{full}.", f"the compound `{compound.name}`", None), scope, inner["exports"])
        group.inside.outer = group
        self.trail.append(compound.name)
        self.fill(group.inside, inner, depth + 1)
        self.trail.pop()
        return group

    # --- Attributes ---

    def _config(self, record: Record, attributes: Mapping[str, Attribute], component: str,
                unknown: bool) -> tuple[dict[str, ConfigValue], bool]:
        """Every attribute's value for this instance, and whether one of them was wrong."""
        given = record["config"] or {}
        broken = "config" in record.broken
        wrong_names = []
        for named in given.values():
            if named.name not in attributes and not unknown:
                near = did_you_mean(named.name, [name for name in attributes if name not in given])
                self.problems.add("E0406", named.span, f"`{component}` has no attribute `{named.name}`",
                                  expected="one of " + ", ".join(attributes) if attributes and not near else "",
                                  suggestion=near)
                wrong_names.append(near)
                broken = True
        config = {}
        for name, attribute in attributes.items():
            value = self._config_value(attribute, given.get(name), record, name in wrong_names or broken)
            if value is None:
                broken = True
            else:
                config[name] = value
        return config, broken

    def _config_value(self, attribute: Attribute, named: Named | None, record: Record, quiet: bool) -> ConfigValue | None:
        if named is not None:
            if named.value is BROKEN:
                return None
            shape = shape_of(attribute.type, attribute.minimum, attribute.maximum, attribute.choices)
            value = shape.read(named.value, self.problems, Key(attribute.name, named.span))
            return None if value is None else ConfigValue(attribute, value.value, value.span)
        if attribute.default is None:
            if not quiet:
                self.problems.add("E0405", record.key.span, f"the attribute `{attribute.name}` has no default and "
                                  "is not given", suggestion=f"config: {{{attribute.name}: VALUE}}",
                                  notes=[Note("it is declared here", attribute.span)])
            return None
        return ConfigValue(attribute, attribute.default, attribute.span)
