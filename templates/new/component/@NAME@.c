// @TITLE@: what it is for, in a sentence.

#include <config.h>
#include <glue.h>
#include <tenon/event_loop.h>
#include <tenon/log.h>

int main(void)
{
    log_info("ready");
    event_loop_run(); // receives for ever and calls the handlers that glue.h declares
}
