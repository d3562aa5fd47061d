//! memif interfaces and their sockets.

use vpp_bindings::ethernet_types::MacAddress;
use vpp_bindings::interface_types::{IfStatusFlags, InterfaceIndex};
use vpp_bindings::memif::*;

use super::dispatcher::Dispatcher;
use super::{Call, Sink, code, text};
use crate::state::{Crash, MemifFailure, MemifRequest, Outcome, VppState};

pub(super) fn register(dispatcher: &mut Dispatcher) {
    dispatcher
        .change(memif_socket_filename_add_del)
        .request(memif_socket_filename_add_del_v2)
        .dump(memif_socket_filename_dump)
        .fatal(memif_create)
        .fatal(memif_create_v2)
        .fatal(memif_delete)
        .dump(memif_dump);
}

fn memif_socket_filename_add_del(state: &mut VppState, it: MemifSocketFilenameAddDel) -> Outcome {
    change_socket(
        state,
        it.is_add,
        it.socket_id,
        &it.socket_filename.to_string_lossy(),
    )
}

/// Id ~0 selects a free id. The reply contains it even if the request fails.
fn memif_socket_filename_add_del_v2(
    call: &mut Call<'_>,
    it: MemifSocketFilenameAddDelV2,
) -> MemifSocketFilenameAddDelV2Reply {
    let state = call.state();
    let pick = it.is_add && it.socket_id == u32::MAX;
    let socket_id = if pick {
        state.unused_memif_socket_id()
    } else {
        it.socket_id
    };
    // A NUL ends a C string.
    let name = it.socket_filename.to_string_lossy();
    let name = name.split('\0').next().unwrap_or_default();
    let outcome = change_socket(state, it.is_add, socket_id, name);
    MemifSocketFilenameAddDelV2Reply {
        retval: code(&outcome),
        socket_id,
    }
}

fn change_socket(state: &mut VppState, is_add: bool, id: u32, name: &str) -> Outcome {
    if is_add {
        state.add_memif_socket(id, name)
    } else {
        state.delete_memif_socket(id)
    }
}

fn memif_socket_filename_dump(
    state: &VppState,
    _: MemifSocketFilenameDump,
    sink: &mut Sink<'_, MemifSocketFilenameDetails>,
) {
    for socket in state.memif_sockets() {
        sink.send(&MemifSocketFilenameDetails {
            socket_id: socket.id,
            socket_filename: text(&socket.filename),
        });
    }
}

/// The `retval` and `sw_if_index` of a reply.
fn create(state: &mut VppState, request: MemifRequest) -> Result<(i32, InterfaceIndex), Crash> {
    match state.create_memif(request) {
        Ok(index) => Ok((0, InterfaceIndex(index))),
        Err(MemifFailure::Refused(error, index)) => Ok((error.0, InterfaceIndex(index))),
        Err(MemifFailure::Crash(crash)) => Err(crash),
    }
}

/// Defines the handler of one version. The simulator treats both versions alike.
macro_rules! create {
    ($handler:ident, $request:ident, $reply:ident) => {
        fn $handler(state: &mut VppState, it: $request) -> Result<$reply, Crash> {
            let request = MemifRequest {
                role: it.role.0,
                mode: it.mode.0,
                id: it.id,
                socket_id: it.socket_id,
                ring_size: it.ring_size,
                buffer_size: it.buffer_size,
                no_zero_copy: it.no_zero_copy,
                mac: it.hw_addr.0,
                secret: it.secret.to_string_lossy().into_owned(),
                rx_queues: it.rx_queues,
                tx_queues: it.tx_queues,
            };
            let (retval, sw_if_index) = create(state, request)?;
            Ok($reply {
                retval,
                sw_if_index,
            })
        }
    };
}

create!(memif_create, MemifCreate, MemifCreateReply);
create!(memif_create_v2, MemifCreateV2, MemifCreateV2Reply);

fn memif_delete(state: &mut VppState, it: MemifDelete) -> Result<MemifDeleteReply, Crash> {
    let outcome = state.delete_memif(it.sw_if_index.0)?;
    Ok(MemifDeleteReply {
        retval: code(&outcome),
    })
}

/// All memifs. Ring and buffer sizes are the negotiated ones: 1 and 0 without a peer.
fn memif_dump(state: &VppState, _: MemifDump, sink: &mut Sink<'_, MemifDetails>) {
    for memif in state.memifs() {
        let Ok(interface) = state.interface(memif.sw_if_index) else {
            continue;
        };
        let request = &memif.request;
        sink.send(&MemifDetails {
            sw_if_index: InterfaceIndex(memif.sw_if_index),
            hw_addr: MacAddress(interface.mac.unwrap_or_default()),
            id: request.id,
            role: if memif.is_master() {
                MemifRole::MASTER
            } else {
                MemifRole::SLAVE
            },
            mode: MemifMode(request.mode),
            zero_copy: !memif.is_master() && !request.no_zero_copy,
            socket_id: request.socket_id,
            ring_size: 1,
            buffer_size: 0,
            flags: IfStatusFlags(interface.flags()),
            if_name: text(&interface.name),
        });
    }
}
