"""Which checks apps/kernel_tests must report, by subject; and what a boot of it reported.

A check that is not listed here is a failure too, so that the list stays complete.
SPDX-License-Identifier: BSD-2-Clause
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from builder.starts import Start

EXPECTED: dict[str, tuple[str, ...]] = {
    "ipc": (
        *(f"call_with_{words:02}_words" for words in range(11)),
        "queued_callers_are_served_in_order_of_arrival", "replies_come_out_of_order", "a_token_answers_once",
        "another_thread_replies", "the_reply_of_another_thread_arrives",
        "a_token_of_another_component_is_refused", "a_token_with_another_number_is_refused",
        "a_token_of_no_thread_is_refused", "token_0_is_refused", "the_right_token_works",
        "a_call_in_service_times_out", "in_service_within_a_granule", "a_late_reply_is_stale",
        "a_queued_call_that_timed_out_is_not_received", "a_queued_call_times_out", "queued_within_a_granule",
        "without_timeout_a_call_waits", "poll_finds_nothing", "poll_finds_a_call",
        "scratch_registers_are_0_after_a_call", "others_are_kept_by_a_call", "scratch_registers_are_0_at_the_server",
        "other_calls_keep_what_they_do_not_return",
        "a_sender_cannot_choose_the_kind", "an_unknown_label_is_refused_by_the_server",
    ),
    "death": (
        "data_is_as_linked_at_boot", "bss_is_0_at_boot", "the_stack_is_0_at_boot", "the_first_generation_is_1",
        "a_running_component_is_running", "a_ready_component_is_ready", "written_data_can_be_read",
        "a_call_in_service_ends_when_the_server_faults", "a_faulted_component_is_faulted", "the_reason_can_be_read",
        "the_fault_address_can_be_read", "the_pc_can_be_read", "a_faulted_component_is_not_ready",
        "the_supervisor_is_signalled", "the_state_stays_readable", "a_call_to_a_dead_server_waits", "restart_works",
        "the_next_generation_serves_it", "restart_counts_the_generation", "after_restart_it_is_running",
        "after_restart_there_is_no_reason", "data_is_as_linked_after_restart", "bss_is_0_after_restart",
        "the_stack_is_0_after_restart", "a_persistent_region_is_kept",
        "a_call_in_service_ends_when_the_server_exits", "an_exited_component_is_exited",
        "the_exit_code_can_be_read", "an_exited_component_can_be_restarted", "stop_works",
        "a_call_in_service_ends_when_the_server_is_stopped", "a_stopped_component_is_stopped",
        "the_code_of_a_stop_can_be_read", "a_running_component_can_be_restarted",
        "a_call_in_service_ends_when_the_server_is_restarted", "each_restart_counts_once",
        "a_restarted_server_serves", "an_unknown_operation_is_refused", "a_timer_comes_to_its_component",
        "a_timer_ends_with_its_component", "a_client_can_be_stopped_while_another_waits", "bits_come_first",
        "then_clients_that_are_gone", "then_callers", "upstream_callers_get_peer_died",
        "a_late_reply_from_downstream_is_stale", "the_server_below_is_told_that_its_client_is_gone",
        "it_is_told_once", "after_it_nested_calls_work", "a_client_can_be_stopped_in_a_call", "its_server_is_told",
        "a_reply_to_a_dead_client_is_stale", "so_are_we", "a_restarted_client_can_call",
        "a_client_can_be_stopped_in_a_queue", "a_queued_call_dies_with_its_caller", "and_every_connection_is_told",
        "without_restart_a_call_in_service_ends_too", "all_calls_in_service_end",
        "a_dead_server_without_restart_is_gone", "giving_up_works", "queued_callers_learn_that_it_is_gone",
        "so_do_later_callers", "a_given_up_component_is_dead",
    ),
    "fault": (
        "own_data_can_be_read", "own_data_can_be_written", "own_text_can_be_read", "own_text_can_be_executed",
        "own_constants_can_be_read", "address_0_cannot_be_read", "address_0_cannot_be_executed",
        "unmapped_memory_cannot_be_read", "unmapped_memory_cannot_be_written", "own_text_cannot_be_written",
        "own_constants_cannot_be_written", "own_constants_cannot_be_executed", "own_data_cannot_be_executed",
        "the_stack_cannot_be_executed", "kernel_text_cannot_be_read", "kernel_text_cannot_be_executed",
        "the_kernels_view_of_ram_cannot_be_read", "the_kernels_devices_cannot_be_read",
        "beyond_the_user_half_cannot_be_read", "a_tagged_address_is_another_address", "physical_ram_cannot_be_read",
        "an_unowned_uart_cannot_be_read", "an_unowned_clock_cannot_be_read",
        "the_interrupt_controller_cannot_be_read", "its_owner_can_read_a_region", "others_cannot_read_it",
        "an_aligned_exclusive_load_works", "an_unaligned_exclusive_load_faults", "an_unaligned_load_works",
        "an_unaligned_pc_faults", "a_stack_overflow_hits_the_page_below", "a_stack_underflow_hits_the_page_above",
        "the_first_number_without_a_system_call", "the_last_number_without_a_system_call",
    ),
    "notify": (
        "nothing_is_pending_at_first", "a_signal_is_received", "signals_are_merged", "a_notification_has_no_token",
        "they_are_received_once", "only_the_signalled_bit_comes", "bits_come_before_callers",
        "the_caller_comes_next", "a_reply_and_wait_replies_and_receives_bits", "the_caller_got_its_reply",
        "a_signal_wakes_the_receiver", "the_signaller_goes_on",
    ),
    "lend": (
        "what_is_lent_for_reading_can_be_read", "every_byte_arrives", "an_offset_counts",
        "what_is_lent_for_writing_can_be_written", "exactly_that_is_written",
        "what_is_lent_for_both_can_be_written", "nothing_can_be_copied_too",
        "the_borrower_does_not_learn_the_address", "but_size_and_rights", "reading_past_the_end_is_refused",
        "an_offset_past_the_end_is_refused", "an_offset_that_wraps_is_refused", "a_size_that_wraps_is_refused",
        "writing_what_is_lent_for_reading_is_refused", "reading_what_is_lent_for_writing_is_refused",
        "a_lend_that_was_not_made_is_refused", "a_lend_without_rights_is_refused", "a_lend_that_wraps_is_refused",
        "a_lend_that_is_too_large_is_refused", "lending_unmapped_memory_does_not_help",
        "lending_kernel_memory_does_not_help", "lending_past_the_end_of_memory_does_not_help",
        "lending_constants_for_writing_does_not_help", "lending_constants_for_reading_works",
        "the_borrower_must_own_its_end", "the_borrower_cannot_write_its_text",
        "the_borrower_cannot_write_the_kernel", "the_borrower_can_write_its_stack", "the_right_ends_with_the_call",
        "a_forged_token_is_refused", "token_0_is_refused", "a_call_without_lends_still_works",
        "an_earlier_lend_does_not_come_back_call", "an_earlier_lend_does_not_come_back",
        "three_lends_are_refused", "a_part_can_be_lent_on", "four_deep", "but_not_five",
        "a_borrower_cannot_lend_a_right_that_it_lacks", "a_borrowed_part_can_be_written", "in_the_right_place",
        "a_part_within_the_lend_can_be_lent_on", "a_part_past_the_lend_cannot",
        "a_borrowed_lend_of_nothing_is_refused", "interrupts_come_in_between_the_chunks_of_a_copy",
        "and_do_it_no_harm",
    ),
    "device": (
        "the_owner_reads_its_registers", "before_it_is_asked_for_no_interrupt_comes", "the_owner_can_acknowledge",
        "then_it_comes", "it_is_masked_until_acknowledged", "a_line_that_is_still_high_comes_again",
        "a_line_that_is_low_does_not_come", "the_next_one_comes_by_itself",
        "the_register_is_written_before_the_fault", "the_driver_faults", "the_driver_restarts",
        "the_quiesce_write_was_done", "other_registers_are_as_they_were", "after_restart_the_interrupt_is_masked",
        "until_the_next_generation_asks", "region_info_works", "it_tells_the_size", "and_where_it_is_mapped",
        "and_the_device_address", "dma_memory_is_memory", "entropy_works", "no_two_words_of_it_are_equal",
        "inspect_counts_the_system", "inspect_refuses_components_that_are_not", "inspect_shows_the_last_component",
        "inspect_shows_threads", "inspect_refuses_threads_that_are_not", "inspect_refuses_slots_that_are_not",
        "inspect_shows_an_empty_slot_as_empty", "inspect_refuses_unknown_questions",
    ),
    "time": (
        "the_clock_goes_forward", "a_timer_can_be_set", "its_bit_comes", "a_timer_fires_at_its_time",
        "a_time_that_has_passed_fires", "and_at_once", "a_timer_can_be_cancelled",
        "a_cancelled_timer_does_not_fire", "setting_it_again_moves_it", "to_the_new_time", "timers_fire_in_order",
        "each_at_its_own_time", "a_lower_priority_waits", "an_equal_priority_waits",
        "a_higher_priority_runs_at_once", "who_was_preempted_goes_on_before_its_equals",
        "yielding_lets_an_equal_priority_run", "but_not_a_lower_one", "which_runs_when_we_wait",
        "threads_of_one_priority_take_turns_by_yielding", "a_timer_preempts_who_makes_no_system_call",
        "an_interrupt_keeps_every_register", "a_budget_ends", "a_budget_bounds_what_is_used", "and_it_is_used",
        "a_spinner_can_be_stopped", "a_stopped_one_uses_nothing", "a_call_within_the_budget_is_served",
        "on_the_budget_of_the_caller", "not_of_the_server", "a_server_finishes_on_its_reserve",
        "its_caller_has_run_dry", "and_goes_on_in_its_next_period", "a_reserve_ends_too",
        "and_the_call_with_it_in_a_later_period", "the_overrun_is_charged_to_the_caller",
    ),
    "maker": (
        "a_region_can_be_made", "it_has_its_size", "and_no_device_address", "it_can_be_mapped", "it_is_zeroed",
        "twice_in_one_component_is_refused", "it_can_be_unmapped", "what_is_not_mapped_cannot_be_unmapped",
        "it_can_be_mapped_again", "its_bytes_stay", "it_can_be_destroyed_while_it_is_mapped",
        "then_the_slot_is_stale", "half_the_pool_can_be_mapped", "memory_comes_back_zeroed", "and_can_be_destroyed",
        "writable_code_is_refused", "a_mapping_that_cannot_be_read_is_refused", "no_rights_are_refused",
        "unknown_rights_are_refused", "an_odd_address_is_refused", "an_address_of_the_layout_is_refused",
        "an_address_of_the_kernel_is_refused", "an_address_past_the_end_is_refused", "the_last_page_is_not",
        "and_it_works", "an_address_in_use_is_refused", "the_refused_one_is_mapped_nowhere",
        "both_can_be_destroyed", "a_region_of_nothing_is_refused", "a_region_above_the_limit_is_refused",
        "more_than_the_pool_has_is_refused", "a_type_that_pools_do_not_make_is_refused",
        "an_unknown_type_is_refused", "without_a_free_slot_nothing_is_made", "all_slots_can_be_used",
        "destroyed_ones_leave_their_slots", "a_component_can_be_made", "it_is_stopped", "its_thread_can_be_set",
        "it_runs_to_its_exit", "its_stack_is_zeroed_memory", "its_data_can_be_mapped_here", "it_wrote_its_data",
        "it_can_run_again", "as_the_next_generation", "while_it_runs_its_thread_cannot_be_set",
        "nor_can_it_get_another_thread", "it_can_be_stopped", "our_own_component_gets_no_thread",
        "what_is_mapped_can_be_read", "what_is_not_mapped_cannot", "a_priority_above_our_own_is_refused",
        "priority_0_is_refused", "an_unknown_setting_is_refused", "our_own_thread_cannot_be_set",
        "a_component_of_the_layout_cannot_be_set", "unmapping_takes_it_away", "what_was_unmapped_cannot_be_read",
        "a_destroyed_component_is_stale", "so_is_its_thread", "a_second_one_can_be_made", "it_spins",
        "a_running_component_can_be_destroyed", "a_third_one_can_be_made", "threads_are_as_many_as_declared",
        "afterwards_the_memory_is_free", "another_pool_can_be_used", "its_owner_can_be_restarted",
        "what_it_made_is_gone", "it_can_make_it_again", "which_takes_as_much", "and_leaves_as_much",
        "a_handled_child_can_be_made", "a_capability_to_our_own_endpoint_can_be_made", "a_handler_can_be_set",
        "a_fault_comes_to_the_handler", "with_its_badge", "with_its_reason", "with_its_address", "with_its_pc",
        "meanwhile_the_component_runs", "the_handler_reads_the_registers", "they_are_those_of_the_fault",
        "the_handler_writes_the_registers", "of_the_flags_only_the_conditions", "the_reply_resumes",
        "and_it_goes_on_with_them", "a_thread_that_is_not_faulting_has_no_registers", "nor_can_they_be_written",
        "the_handler_can_stop_it", "then_it_is_faulted", "for_its_own_reason", "the_token_is_used_up",
        "the_registers_must_be_in_memory", "that_is_ours", "and_writable", "or_readable",
        "a_pc_in_the_kernel_does_not_help", "it_faults_again", "it_can_be_stopped_in_a_fault",
        "then_its_token_is_stale", "a_foreign_call_comes_to_the_handler", "with_its_number", "with_its_arguments",
        "the_pc_is_behind_the_call", "the_reply_is_its_result", "other_registers_stay", "even_an_exit_is_foreign",
        "the_handler_ends_it", "a_badge_that_is_not_there_is_refused", "a_made_thread_has_an_endpoint",
        "it_cannot_handle_itself", "reflect_is_yes_or_no", "a_handler_is_an_endpoint", "we_cannot_call_ourselves",
        "a_capability_travels_in_a_call", "a_second_one_gets_another_slot", "without_a_free_slot_none_arrives",
        "a_capability_can_be_dropped", "then_its_slot_is_empty", "an_empty_slot_gives_nothing",
        "a_slot_outside_the_table_gives_nothing", "without_the_right_to_grant_nothing_travels",
        "a_capability_travels_in_a_reply", "ours_still_works", "one_that_is_dropped_does_not",
        "static_slots_cannot_be_dropped", "revoking_works", "a_revoked_capability_is_stale_there", "and_here",
        "others_are_not", "revoking_needs_its_right", "a_stale_slot_is_free_again", "restart_works",
        "restart_empties_what_was_received", "destroying_works", "the_right_to_signal_travels", "with_its_bits",
        "without_the_right_it_cannot_be_revoked", "a_child_for_copies_can_be_made", "an_empty_table_has_nothing",
        "nor_has_it_anything_to_call", "a_copied_capability_can_be_used", "without_its_right_a_signal_is_denied",
        "without_its_right_a_call_is_denied", "a_notification_cannot_be_called",
        "a_region_for_reading_cannot_be_written", "nor_executed", "but_read", "with_all_rights_it_can_be_written",
        "without_its_right_it_cannot_be_revoked", "a_child_drops_its_slot", "a_child_ends_with_its_capabilities",
        "with_its_right_a_child_revokes", "nothing_can_be_copied_to_the_layouts_components", "nor_to_slot_0",
        "nor_past_the_table", "but_to_its_last_slot", "only_with_the_right_to_grant", "a_made_component_calls_us",
        "with_the_badge_we_gave_it", "and_gets_our_answer", "when_it_ends_we_are_told", "when_it_is_destroyed_too",
    ),
    "denial": (
        "signal_refuses_slot_0", "signal_refuses_an_empty_slot", "signal_refuses_slots_outside_the_table",
        "signal_refuses_another_type", "signal_works_with_its_slot", "interrupt_ack_refuses_slot_0",
        "interrupt_ack_refuses_an_empty_slot", "interrupt_ack_refuses_slots_outside_the_table",
        "interrupt_ack_refuses_another_type", "interrupt_ack_works_with_its_slot", "timer_set_refuses_slot_0",
        "timer_set_refuses_an_empty_slot", "timer_set_refuses_slots_outside_the_table",
        "timer_set_refuses_another_type", "timer_set_works_with_its_slot", "clock_refuses_slot_0",
        "clock_refuses_an_empty_slot", "clock_refuses_slots_outside_the_table", "clock_refuses_another_type",
        "clock_works_with_its_slot", "entropy_refuses_slot_0", "entropy_refuses_an_empty_slot",
        "entropy_refuses_slots_outside_the_table", "entropy_refuses_another_type", "entropy_works_with_its_slot",
        "component_state_refuses_slot_0", "component_state_refuses_an_empty_slot",
        "component_state_refuses_slots_outside_the_table", "component_state_refuses_another_type",
        "component_state_works_with_its_slot", "component_control_refuses_slot_0",
        "component_control_refuses_an_empty_slot", "component_control_refuses_slots_outside_the_table",
        "component_control_refuses_another_type", "frame_read_refuses_slot_0", "frame_read_refuses_an_empty_slot",
        "frame_read_refuses_slots_outside_the_table", "frame_read_refuses_another_type",
        "frame_write_refuses_slot_0", "frame_write_refuses_an_empty_slot",
        "frame_write_refuses_slots_outside_the_table", "frame_write_refuses_another_type",
        "region_info_refuses_slot_0", "region_info_refuses_an_empty_slot",
        "region_info_refuses_slots_outside_the_table", "region_info_refuses_another_type",
        "region_info_works_with_its_slot", "cap_revoke_refuses_slot_0", "cap_revoke_refuses_an_empty_slot",
        "cap_revoke_refuses_slots_outside_the_table", "console_write_refuses_slot_0",
        "console_write_refuses_an_empty_slot", "console_write_refuses_slots_outside_the_table",
        "console_write_refuses_another_type", "console_write_works_with_its_slot", "power_refuses_slot_0",
        "power_refuses_an_empty_slot", "power_refuses_slots_outside_the_table", "power_refuses_another_type",
        "inspect_refuses_slot_0", "inspect_refuses_an_empty_slot", "inspect_refuses_slots_outside_the_table",
        "inspect_refuses_another_type", "inspect_works_with_its_slot", "pool_create_refuses_slot_0",
        "pool_create_refuses_an_empty_slot", "pool_create_refuses_slots_outside_the_table",
        "pool_create_refuses_another_type", "pool_create_works_with_its_slot", "pool_destroy_refuses_slot_0",
        "pool_destroy_refuses_an_empty_slot", "pool_destroy_refuses_slots_outside_the_table",
        "pool_destroy_refuses_another_type", "map_refuses_slot_0", "map_refuses_an_empty_slot",
        "map_refuses_slots_outside_the_table", "map_refuses_another_type", "unmap_refuses_slot_0",
        "unmap_refuses_an_empty_slot", "unmap_refuses_slots_outside_the_table", "unmap_refuses_another_type",
        "cap_copy_refuses_slot_0", "cap_copy_refuses_an_empty_slot", "cap_copy_refuses_slots_outside_the_table",
        "call_refuses_slot_0", "call_refuses_an_empty_slot", "call_refuses_slots_outside_the_table",
        "call_refuses_another_type", "call_works_with_its_slot", "pool_destroy_refuses_slot_0_as_object",
        "pool_destroy_refuses_what_no_pool_made", "pool_destroy_refuses_a_clock", "map_refuses_what_no_pool_made",
        "unmap_refuses_what_no_pool_made", "map_for_writing_needs_the_right",
        "map_into_another_component_needs_the_right", "control_needs_the_right", "copying_needs_the_right",
        "revoking_needs_the_right", "object_set_refuses_another_type", "object_set_refuses_an_empty_slot",
        "object_set_refuses_a_running_component", "making_a_thread_refuses_another_type",
        "making_an_endpoint_refuses_another_type", "cap_drop_refuses_slot_0", "cap_drop_refuses_static_slots",
        "cap_drop_refuses_slots_outside_the_table", "what_is_dropped_was_there", "cap_drop_works_with_its_slot",
        "the_longest_text_is_written", "a_longer_one_is_refused", "a_length_that_wraps_is_refused",
        "no_text_is_written", "an_unmapped_address_is_refused", "address_0_is_refused",
        "the_kernels_text_is_refused", "the_kernels_view_of_memory_is_refused", "the_hole_is_refused",
        "an_address_that_wraps_is_refused", "device_registers_are_refused",
        "a_text_that_leaves_the_mapping_is_refused", "a_text_that_ends_with_it_is_not",
        "text_across_two_pages_is_written", "an_unknown_question_is_refused", "a_huge_index_is_refused",
        "a_huge_slot_is_refused", "a_time_far_away_is_fine", "and_can_be_cancelled", "a_huge_type_is_refused",
        "a_huge_region_is_refused", "a_huge_setting_is_refused",
    ),
    "fpu": (
        "the_registers_are_0_at_boot", "floating_point_works", "the_registers_are_kept",
        "nothing_leaks_to_another_thread", "another_thread_has_its_own", "and_the_other_too", "a_check_can_fail",
        "while_an_owner_has_it_others_still_fault", "the_owner_ends", "the_owner_restarts",
        "the_registers_are_0_after_restart", "the_others_are_kept",
    ),
    "finish": ("power_off_refuses_an_exit_code_above_255", "power_refuses_an_unknown_operation"),
}

# By architecture: the instructions that the subject `fault` tries.
INSTRUCTIONS: dict[str, tuple[str, ...]] = {
    "aarch64": (
        "NONE", "YIELD", "THREAD_POINTER", "UNDEFINED", "BREAKPOINT", "FPU", "SIMD", "SVE", "HVC", "SMC",
        "SEMIHOSTING", "ERET", "WFI", "MASK_INTERRUPTS", "READ_SCTLR", "WRITE_SCTLR", "WRITE_VBAR", "READ_TTBR",
        "WRITE_TTBR", "READ_MIDR", "READ_KERNEL_POINTER", "WRITE_READ_ONLY_POINTER", "CACHE_CLEAN",
        "CACHE_INVALIDATE", "CACHE_SET_WAY", "CACHE_INSTRUCTION", "CACHE_TYPE", "TLB_INVALIDATE", "TRANSLATE",
        "READ_PHYSICAL_COUNTER", "READ_VIRTUAL_COUNTER", "WRITE_TIMER", "WRITE_VIRTUAL_TIMER", "READ_CYCLES",
        "WRITE_COUNTER_CONTROL", "ACKNOWLEDGE_INTERRUPT", "SEND_INTERRUPT", "WRITE_DEBUG",
    ),
    "riscv64": (
        "NONE", "PAUSE", "THREAD_POINTER", "FENCE", "FENCE_INSTRUCTION", "UNDEFINED", "UNDEFINED_SHORT", "BREAKPOINT",
        "SEMIHOSTING", "FPU", "FPU_SHORT", "FPU_STATUS", "WRITE_FPU_STATUS", "VECTOR", "SRET", "MRET", "WFI",
        "MASK_INTERRUPTS", "READ_STATUS", "USER_MEMORY", "READ_ROOT", "WRITE_ROOT", "WRITE_VECTOR",
        "READ_KERNEL_POINTER", "WRITE_KERNEL_POINTER", "WRITE_EXCEPTION_PC", "READ_CAUSE", "WRITE_INTERRUPT_ENABLE",
        "WRITE_INTERRUPT_PENDING", "WRITE_COUNTER_CONTROL", "WRITE_ENVIRONMENT", "WRITE_TIMER", "READ_GUEST_ROOT",
        "WRITE_GUEST_STATUS", "READ_HART", "WRITE_MACHINE_STATUS", "WRITE_PROTECTION", "WRITE_DEBUG",
        "TLB_INVALIDATE", "GUEST_TLB_INVALIDATE", "GUEST_LOAD", "READ_TIME", "READ_CYCLES", "READ_INSTRUCTIONS",
        "READ_ENTROPY",
    ),
    "x86_64": (
        "NONE", "PAUSE", "IDENTIFY", "FENCE", "SEGMENT_OF_USER", "KEEP_INTERRUPTS_ON", "UNDEFINED", "BREAKPOINT",
        "SINGLE_STEP", "FPU", "SSE", "MMX", "AVX", "READ_EXTENDED_STATE", "INTERRUPT_OF_LINUX",
        "INTERRUPT_OF_DEVICE", "INTERRUPT_OF_TIMER", "DOUBLE_FAULT", "OTHER_ENTRY", "SYSRET", "SWAP_KERNEL_POINTER",
        "SEGMENT_OF_KERNEL", "HALT", "MASK_INTERRUPTS", "UNMASK_INTERRUPTS", "READ_PORT", "WRITE_PORT",
        "READ_CONTROL", "WRITE_CONTROL", "READ_ROOT", "WRITE_ROOT", "WRITE_PROTECTIONS", "WRITE_PRIORITY",
        "WRITE_DEBUG", "CLEAR_TASK_SWITCHED", "READ_MODEL_REGISTER", "WRITE_MODEL_REGISTER", "WRITE_DESCRIPTORS",
        "WRITE_GATES", "WRITE_LOCAL_DESCRIPTORS", "WRITE_TASK", "READ_DESCRIPTORS", "READ_GATES", "READ_TASK",
        "READ_MACHINE_STATUS", "TLB_INVALIDATE", "CACHE_INVALIDATE", "CACHE_WRITE_BACK", "WRITE_USER_POINTER",
        "READ_USER_POINTER", "RUN_GUEST", "CALL_HYPERVISOR", "READ_CYCLES", "READ_CYCLES_AND_CORE", "READ_EVENTS",
    ),
}

# What an architecture cannot be asked for, and why.
ABSENT: dict[str, dict[str, str]] = {
    "aarch64": {},
    "riscv64": {"an_unaligned_pc_faults": "with compressed instructions every even address is aligned, and a jump clears "
                                          "the lowest bit"},
    "x86_64": {"an_unaligned_pc_faults": "an instruction may stand anywhere",
               "an_unaligned_exclusive_load_faults": "without floating point no load has to be aligned"},
}


def expected(subject: str, arch: str) -> tuple[str, ...]:
    """The checks of a subject on an architecture."""
    instructions = INSTRUCTIONS[arch] if subject == "fault" else ()
    return (*(name for name in EXPECTED[subject] if name not in ABSENT[arch]),
            *(f"instruction_{name}" for name in instructions))


# What the setting `counters` lets a component read.
READ_BY_COUNTERS = {"aarch64": ["READ_CYCLES"], "riscv64": ["READ_CYCLES", "READ_INSTRUCTIONS"],
                    "x86_64": ["READ_CYCLES", "READ_CYCLES_AND_CORE"]}

# Checks that fail for reasons outside the kernel, by how the kernel runs, and why.
EXCUSED: dict[str, dict[str, str]] = {
    "EL2 with VHE": {
        "instruction_WFI": "QEMU 7.2 looks at SCTLR_EL1.nTWI even when user code runs below EL2, where SCTLR_EL2 "
                           "decides, so `wfi` only waits"},
    "supervisor mode": {
        "instruction_READ_TIME": "OpenSBI 1.1 carries out reads of the time that user code is denied by scounteren",
        "a_line_that_is_still_high_comes_again": "the PLIC of QEMU 7.2 notices when a line rises, not that it is high at "
                                                 "the completion"},
}

# The same, where there are several cores.
EXCUSED_ON_CORES = {
    "a_timer_preempts_who_makes_no_system_call": "when QEMU counts instructions its cores take turns of milliseconds",
}

LINE = re.compile(r"^(pass|fail|done) (\S+) ?(.*)$", re.MULTILINE)


@dataclass(slots=True)
class Outcome:
    """What one boot said."""

    exit_code: int | None
    text: str
    passed: dict[str, list[str]] = field(default_factory=dict)  # by subject
    failed: dict[str, list[str]] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for word, subject, rest in LINE.findall(self.text):
            if word == "done":
                self.done.add(subject)
            else:
                found = self.passed if word == "pass" else self.failed
                found.setdefault(subject, []).append(rest)

    def problems(self, subject: str, start: Start) -> list[str]:
        """What is wrong with a subject: failures, checks that did not come, and those that nobody expects."""
        names, passed, failed = expected(subject, start.arch), self.passed.get(subject, []), self.failed.get(subject, [])
        named = {text.partition(":")[0] for text in failed} | set(passed)
        excused = EXCUSED.get(start.mode, {}) | (EXCUSED_ON_CORES if start.cores > 1 else {})
        return [*(f"failed: {text}" for text in failed if text.partition(":")[0] not in excused),
                *(f"did not come: {name}" for name in names if name not in named),
                *(f"not in the list: {name}" for name in sorted(named - set(names))),
                *(f"came twice: {name}" for name in sorted({n for n in passed if passed.count(n) > 1})),
                *([] if subject in self.done else ["the subject did not end"])]
