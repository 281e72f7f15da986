// See request.h. The text comes from anybody: nothing in it is used before it has been compared with where the line ends.
// SPDX-License-Identifier: BSD-2-Clause

#include "request.h"

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
    request->is_last = equals(line, "HTTP/1.0");
    return request->is_last || equals(line, "HTTP/1.1") ? 0 : OTHER_VERSION;
}

// One that is said twice is a mistake, or an attack on who reads only one of them (RFC 9112, 6.3).
static bool parse_length(struct part value, struct request *request)
{
    bool is_first = !request->has_length;

    request->has_length = true;
    return is_first && parse_number(value, &request->body_bytes);
}

static unsigned parse_field(struct part line, struct request *request)
{
    struct part name, value;

    if (!cut(&line, ':', &name) || name.bytes == 0)
        return BAD_REQUEST;
    value = trimmed(line);
    if (equals_any_case(name, "content-length"))
        return parse_length(value, request) ? 0 : BAD_REQUEST;
    if (equals_any_case(name, "transfer-encoding"))
        return NOT_IMPLEMENTED;
    if (equals_any_case(name, "expect"))
        request->expects_continue = equals_any_case(value, "100-continue");
    if (equals_any_case(name, "connection"))
        request->is_last =
            equals_any_case(value, "close") || (request->is_last && !equals_any_case(value, "keep-alive"));
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
    return problem;
}
