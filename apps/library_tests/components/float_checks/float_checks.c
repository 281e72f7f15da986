// The C library of a component with `fpu: true`.
// SPDX-License-Identifier: BSD-2-Clause

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glue.h>
#include <tenon/log.h>

#define CHECK(name, condition)                                   \
    do {                                                         \
        if (condition)                                           \
            log_info("pass float " name);                        \
        else                                                     \
            log_error("fail float " name ": line %d", __LINE__); \
    } while (0)

static char text[100];

static bool near(double value, double expected)
{
    return fabs(value - expected) < 1e-12;
}

int main(void)
{
    volatile double two = 2, half = 0.5;  // not folded by the compiler

    snprintf(text, sizeof text, "%.3f %g %.2e %d", two / 3, 1e10 * two, 12345.678 * two, 3);
    CHECK("printf", strcmp(text, "0.667 2e+10 2.47e+04 3") == 0);
    CHECK("strtod", strtod("3.25e2", NULL) == 325 && atof("-0.5") == -0.5);
    CHECK("sqrt", near(sqrt(two), 1.4142135623730951));
    CHECK("sin", near(sin(half), 0.479425538604203) && near(cos(half), 0.8775825618903728));
    CHECK("exp", near(exp(half), 1.6487212707001282) && near(log(two), 0.6931471805599453));
    CHECK("pow", near(pow(two, half), 1.4142135623730951) && near(atan2(half, two), 0.24497866312686414));
    CHECK("round", floor(-half) == -1 && ceil(half) == 1 && fmod(7, two) == 1 && round(half) == 1);
    CHECK("float", fabsf(sqrtf((float)two) - 1.4142135f) < 1e-6f);
    event_loop_run();
}
