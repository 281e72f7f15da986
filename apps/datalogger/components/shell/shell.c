// Shell: reads what is typed, a line at a time, and runs it.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include "commands.h"
#include "line.h"
#include "say.h"

static struct line line;

void say_out(const char *text, size_t bytes)
{
    (void)!console_write(text, bytes);
}

static void prompt(void)
{
    say("%s", CONFIG_PROMPT);
}

void on_console_typed(void)
{
    uint8_t byte;

    while (console_typed_take(&byte)) {
        char echo[4];
        size_t bytes;
        enum line_step step = line_type(&line, byte, echo, &bytes);

        say_bytes(echo, bytes);
        if (step == LINE_COMPLETE) {
            command_execute(line.text);
            line_clear(&line);
        }
        if (step != LINE_GOES_ON)
            prompt();
    }
    say_flush();
}

int main(void)
{
    say("\n%s: type `help`\n", INSTANCE_NAME);
    prompt();
    on_console_typed(); // what was typed before we were there
    event_loop_run();
}
