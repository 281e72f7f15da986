// Lists of threads: first in, first out, removal from anywhere. A thread is on at most one.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/object.h>

static inline void thread_list_append(struct thread_list *list, struct thread *thread)
{
    thread->link_next = NULL;
    thread->link_previous = list->last;
    if (list->last)
        list->last->link_next = thread;
    else
        list->first = thread;
    list->last = thread;
}

static inline void thread_list_prepend(struct thread_list *list, struct thread *thread)
{
    thread->link_previous = NULL;
    thread->link_next = list->first;
    if (list->first)
        list->first->link_previous = thread;
    else
        list->last = thread;
    list->first = thread;
}

static inline void thread_list_remove(struct thread_list *list, struct thread *thread)
{
    if (thread->link_previous)
        thread->link_previous->link_next = thread->link_next;
    else
        list->first = thread->link_next;
    if (thread->link_next)
        thread->link_next->link_previous = thread->link_previous;
    else
        list->last = thread->link_previous;
    thread->link_next = thread->link_previous = NULL;
}
