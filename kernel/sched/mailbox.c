// Mailboxes: a list that any core pushes to and its owner takes whole (a Treiber stack without its pop, so nothing can
// come back unseen). The push that finds it empty kicks the owner.
// The release of a push pairs with the acquire of the owner's exchange; pushes in between are part of the same release
// sequence. So the owner sees what each sender had written, and what had reached that sender before.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/mailbox.h>

#include <arch/core.h>
#include <kernel/component.h>
#include <kernel/notification.h>
#include <kernel/travel.h>

void mailbox_post(struct core *to, struct mail *mail, enum mail_kind kind)
{
    struct mail *first = __atomic_load_n(&to->mailbox, __ATOMIC_RELAXED);

    mail->kind = (uint8_t)kind;
    do {
        mail->next = first;
    } while (!__atomic_compare_exchange_n(&to->mailbox, &first, mail, true, __ATOMIC_RELEASE, __ATOMIC_RELAXED));
    if (first == NULL)
        arch_core_kick(to);
}

// Oldest first.
static struct mail *take_all(struct core *core)
{
    struct mail *from = __atomic_exchange_n(&core->mailbox, NULL, __ATOMIC_ACQUIRE), *first = NULL;

    while (from) {
        struct mail *next = from->next;

        from->next = first;
        first = from;
        from = next;
    }
    return first;
}

void mailbox_open(struct core *core)
{
    for (struct mail *mail = take_all(core), *next; mail; mail = next) {
        next = mail->next; // from here on the mail may be under way again
        switch (mail->kind) {
        case MAIL_THREAD: travel_arrive(core, CONTAINER_OF(mail, struct thread, mail)); break;
        case MAIL_SIGNAL: notification_open(CONTAINER_OF(mail, struct notification, mail)); break;
        default: component_arrive(core, CONTAINER_OF(mail, struct component, mail)); break;
        }
    }
}
