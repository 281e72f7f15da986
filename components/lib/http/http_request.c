// See http_request.h. The text comes from anybody: nothing in it is used before it has been compared with
// where the line ends.
// SPDX-License-Identifier: BSD-2-Clause

#include "http_request.h"

#include <string.h>
#include <strings.h>

#define BAD_REQUEST     400
#define URI_TOO_LONG    414
#define NOT_IMPLEMENTED 501
#define OTHER_VERSION   505

// A part of the text.
struct part {
    const char *at;
    size_t bytes;
};

size_t request_head_bytes(const char *text, size_t bytes)
{
    for (size_t i = 0; i + 4 <= bytes; i++) {
        if (memcmp(text + i, "\r\n\r\n", 4) == 0)
            return i + 4;
    }
    return 0;
}

static bool equals(struct part part, const char *text)
{
    return part.bytes == strlen(text) && memcmp(part.at, text, part.bytes) == 0;
}

static bool equals_any_case(struct part part, const char *text)
{
    return part.bytes == strlen(text) && strncasecmp(part.at, text, part.bytes) == 0;
}

// Cuts off what stands before the separator, which goes, too. False: it is not there.
static bool cut(struct part *rest, char separator, struct part *before)
{
    const char *end = memchr(rest->at, separator, rest->bytes);

    if (end == NULL)
        return false;
    *before = (struct part){rest->at, (size_t)(end - rest->at)};
    rest->at = end + 1;
    rest->bytes -= before->bytes + 1;
    return true;
}

static bool cut_line(struct part *rest, struct part *line)
{
    if (!cut(rest, '\n', line) || line->bytes == 0 || line->at[line->bytes - 1] != '\r')
        return false;
    line->bytes--;
    return true;
}

static struct part trimmed(struct part part)
{
    for (; part.bytes > 0 && (*part.at == ' ' || *part.at == '\t'); part.bytes--)
        part.at++;
    while (part.bytes > 0 && (part.at[part.bytes - 1] == ' ' || part.at[part.bytes - 1] == '\t'))
        part.bytes--;
    return part;
}

static bool parse_number(struct part digits, uint64_t *value)
{
    *value = 0;
    for (size_t i = 0; i < digits.bytes; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9' || *value > UINT64_MAX / 10 - 1)
            return false;
        *value = *value * 10 + (uint64_t)(digits.at[i] - '0');
    }
    return digits.bytes > 0;
}

static unsigned parse_first_line(struct part line, struct request *request)
{
    struct part method, target;

    if (!cut(&line, ' ', &method) || !cut(&line, ' ', &target) || target.bytes == 0)
        return BAD_REQUEST;
    if (target.bytes >= sizeof request->target)
        return URI_TOO_LONG;
    memcpy(request->target, target.at, target.bytes);
    if (memchr(target.at, 0, target.bytes) != NULL)
        return BAD_REQUEST;
    request->method = equals(method, "GET")    ? METHOD_GET
                      : equals(method, "HEAD") ? METHOD_HEAD
                      : equals(method, "PUT")  ? METHOD_PUT
                                               : METHOD_OTHER;
    request->is_old = equals(line, "HTTP/1.0");
    return request->is_old || equals(line, "HTTP/1.1") ? 0 : OTHER_VERSION;
}

// One that is said twice is a mistake, or an attack on who reads only one of them (RFC 9112, 6.3).
static bool parse_length(struct part value, struct request *request)
{
    bool is_first = !request->has_length;

    request->has_length = true;
    return is_first && parse_number(value, &request->body_bytes);
}

// RFC 9110, 5.6.2. So neither a blank before the colon nor a line that goes on in the next one is a field
// (RFC 9112, 5.1 and 5.2).
static bool is_token(struct part part)
{
    for (size_t i = 0; i < part.bytes; i++) {
        char letter = part.at[i];

        if (!(letter >= 'a' && letter <= 'z') && !(letter >= 'A' && letter <= 'Z') &&
            !(letter >= '0' && letter <= '9') && (letter == 0 || strchr("!#$%&'*+-.^_`|~", letter) == NULL))
            return false;
    }
    return part.bytes > 0;
}

// Whether the option is one of a list with commas (RFC 9110, 5.6.1).
static bool has_option(struct part list, const char *option)
{
    struct part one;

    while (cut(&list, ',', &one)) {
        if (equals_any_case(trimmed(one), option))
            return true;
    }
    return equals_any_case(trimmed(list), option);
}

// Told again, each counts (RFC 9110, 5.3).
static void parse_connection(struct part value, struct request *request)
{
    request->closes = request->closes || has_option(value, "close");
    request->keeps = request->keeps || has_option(value, "keep-alive");
}

// A server that answers for several names would have to choose between two (RFC 9112, 3.2).
static unsigned parse_host(struct request *request)
{
    bool is_first = !request->has_host;

    request->has_host = true;
    return is_first ? 0 : BAD_REQUEST;
}

static unsigned parse_field(struct part line, struct request *request)
{
    struct part name, value;

    if (!cut(&line, ':', &name) || !is_token(name))
        return BAD_REQUEST;
    if (memchr(line.at, '\r', line.bytes) != NULL || memchr(line.at, 0, line.bytes) != NULL)
        return BAD_REQUEST;
    value = trimmed(line);
    if (equals_any_case(name, "content-length"))
        return parse_length(value, request) ? 0 : BAD_REQUEST;
    if (equals_any_case(name, "transfer-encoding"))
        return NOT_IMPLEMENTED;
    if (equals_any_case(name, "host"))
        return parse_host(request);
    if (equals_any_case(name, "expect"))
        request->expects_continue = equals_any_case(value, "100-continue");
    if (equals_any_case(name, "connection"))
        parse_connection(value, request);
    return 0;
}

unsigned request_parse(const char *text, size_t bytes, struct request *request)
{
    struct part rest = {text, bytes - 2}, line;  // without the empty line
    unsigned problem;

    *request = (struct request){0};
    if (!cut_line(&rest, &line))
        return BAD_REQUEST;
    problem = parse_first_line(line, request);
    while (problem == 0 && rest.bytes > 0)
        problem = cut_line(&rest, &line) ? parse_field(line, request) : BAD_REQUEST;
    request->is_last = request->closes || (request->is_old && !request->keeps);  // RFC 9112, 9.3
    return problem;
}
