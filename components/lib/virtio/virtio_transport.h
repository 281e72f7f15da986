// What a virtio driver may ask of any transport (virtio 1.2, chapter 4). components/lib/virtio_<transport>/ defines these and
// `struct virtio_transport` in virtio_transport_impl.h; a component's device chooses by `registers: {mmio: ..., pci: ...}`.
//
// A device is not trusted: every number that comes from it is what it claims, nothing more.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define VIRTIO_QUEUES_MAX 2 // that a driver of ours uses

#include <virtio_transport_impl.h>

// Whether a modern device of this type (virtio 1.2, 5) answers at these registers.
bool transport_probe(struct virtio_transport *transport, uintptr_t registers, uint32_t type);

uint32_t transport_status(const struct virtio_transport *transport);
void transport_set_status(const struct virtio_transport *transport, uint32_t status);

uint64_t transport_offered_features(const struct virtio_transport *transport);
void transport_accept_features(const struct virtio_transport *transport, uint64_t features);

// Entries the device allows in a queue; 0: there is no such queue.
uint32_t transport_queue_size(const struct virtio_transport *transport, unsigned queue);

// Device addresses of the three parts of a split queue. The queue is live afterwards.
void transport_queue_enable(struct virtio_transport *transport, unsigned queue, uint32_t size,
                            uint64_t descriptors, uint64_t available, uint64_t used);

// Tells the device that something is available.
void transport_notify(const struct virtio_transport *transport, unsigned queue);

// Why the device interrupted, and acknowledges it.
#define VIRTIO_INTERRUPT_USED   1u
#define VIRTIO_INTERRUPT_CONFIG 2u
uint32_t transport_take_interrupt(const struct virtio_transport *transport);

// A field of 64 bits of the device's configuration, its two halves from one moment. False: it kept changing.
bool transport_config64(const struct virtio_transport *transport, unsigned offset, uint64_t *value);
