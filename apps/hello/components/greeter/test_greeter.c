// Greeter as a host process: asked through its stubs.
// SPDX-License-Identifier: BSD-2-Clause
#include "host.h"

#include <glue.h>

TEST(each_hour_of_the_day_has_its_greeting)
{
    for (uint8_t hour = 0; hour < 24; hour++) {
        enum greeter_greeting greeting;
        enum greeter_greeting expected = hour < 12   ? GREETER_GREETING_GOOD_MORNING
                                         : hour < 18 ? GREETER_GREETING_GOOD_AFTERNOON
                                                     : GREETER_GREETING_GOOD_EVENING;

        CHECK_EQUAL(client_greetings_greet(hour, &greeting), STATUS_OK);
        CHECK_EQUAL(greeting, expected);
    }
}

TEST(an_hour_that_no_day_has_is_an_error)
{
    enum greeter_greeting greeting;

    CHECK_EQUAL(client_greetings_greet(24, &greeting), GREETER_ERROR_NO_SUCH_HOUR);
    CHECK_EQUAL(client_greetings_greet(255, &greeting), GREETER_ERROR_NO_SUCH_HOUR);
}

TEST(the_client_asks_again_when_the_server_died)
{
    enum greeter_greeting greeting;

    host_next_call = STATUS_PEER_DIED;
    CHECK_EQUAL(client_greetings_greet(9, &greeting), STATUS_OK);
}
