"""What the app must show when it runs."""


def test_it_says_hello_and_powers_off(machine) -> None:
    system = machine("@NAME@")

    system.expect("hello from @NAME@")
    assert system.wait() == 0
