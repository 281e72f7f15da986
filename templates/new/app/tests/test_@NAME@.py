"""What @NAME@ must show when it runs."""


def test_it_says_hello_and_turns_the_machine_off(machine) -> None:
    system = machine("@NAME@")

    system.expect("@NAME@: hello")
    assert system.wait() == 0
