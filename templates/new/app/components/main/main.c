// Main: says hello and powers off.

#include <config.h>
#include <log.h>
#include <power.h>

int main(void)
{
    log_info("hello from @NAME@");
    power_off(0);
}
