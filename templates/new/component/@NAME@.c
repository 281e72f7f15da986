// @NAME@: what it is for, in a sentence.

#include <config.h>
#include <glue.h>
#include <log.h>

int main(void)
{
    log_info("ready");
    serve();  // generated: receives for ever and calls the handlers above
}
