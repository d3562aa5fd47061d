//! memif.

use vpp_bindings::ethernet_types::MacAddress;
use vpp_bindings::interface_types::{IfStatusFlags, InterfaceIndex};
use vpp_bindings::memif::*;
use vpp_wire::VppError;

use super::routes::Routes;
use super::{Call, Sink, code, text};
use crate::state::{Dead, MemifFailure, MemifRequest, Outcome, State};

pub(super) fn register(routes: &mut Routes) {
    routes
        .change(memif_socket_filename_add_del)
        .request(memif_socket_filename_add_del_v2)
        .dump(memif_socket_filename_dump)
        .fatal(memif_create)
        .fatal(memif_create_v2)
        .fatal(memif_delete)
        .dump(memif_dump);
}

fn memif_socket_filename_add_del(state: &mut State, it: MemifSocketFilenameAddDel) -> Outcome {
    change_socket(
        state,
        it.is_add,
        it.socket_id,
        &it.socket_filename.to_string_lossy(),
    )
}

/// Id ~0 picks a free one; the reply says which, also when it fails.
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
    // What follows a NUL is not part of a C string.
    let name = it.socket_filename.to_string_lossy();
    let name = name.split('\0').next().unwrap_or_default();
    let outcome = change_socket(state, it.is_add, socket_id, name);
    MemifSocketFilenameAddDelV2Reply {
        retval: code(&outcome),
        socket_id,
    }
}

fn change_socket(state: &mut State, is_add: bool, id: u32, name: &str) -> Outcome {
    if is_add {
        state.add_memif_socket(id, name)
    } else {
        state.delete_memif_socket(id)
    }
}

fn memif_socket_filename_dump(
    state: &State,
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
fn create(state: &mut State, request: MemifRequest) -> Result<(i32, InterfaceIndex), Dead> {
    let answer = |outcome: Result<u32, VppError>, index| (code(&outcome), InterfaceIndex(index));
    match state.create_memif(request) {
        Ok(index) => Ok(answer(Ok(index), index)),
        Err(MemifFailure::Refused(error, index)) => Ok(answer(Err(error), index)),
        Err(MemifFailure::Dead(dead)) => Err(dead),
    }
}

/// Both versions ask for the same as far as the simulator goes.
macro_rules! create {
    ($handler:ident, $request:ident, $reply:ident) => {
        fn $handler(state: &mut State, it: $request) -> Result<$reply, Dead> {
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

fn memif_delete(state: &mut State, it: MemifDelete) -> Result<MemifDeleteReply, Dead> {
    let outcome = state.delete_memif(it.sw_if_index.0)?;
    Ok(MemifDeleteReply {
        retval: code(&outcome),
    })
}

/// Ring and buffer sizes are the negotiated ones: 1 and 0 as long as no peer came.
fn memif_dump(state: &State, _: MemifDump, sink: &mut Sink<'_, MemifDetails>) {
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
