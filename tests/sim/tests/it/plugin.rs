//! Plugins with their own messages.

use std::sync::atomic::{AtomicU32, Ordering};

use vpp_bindings::client::Client;
use vpp_bindings::vpe::{ShowVersion, ShowVersionReply};
use vpp_sim::{Fault, FaultRule, Plugin, Sim};
use vpp_wire::{
    DecodeError, EncodeError, Layout, Message, Reader, Reply, Request, VppError, Wire, Writer,
};

/// A request, or with `REPLY` its reply, in the form of generated code.
#[derive(Debug, Clone, Default, PartialEq)]
struct Blink<const REPLY: bool> {
    number: u32,
}

impl<const REPLY: bool> Wire for Blink<REPLY> {
    const MIN_SIZE: usize = 4;

    fn encode(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        self.number.encode(out)
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let number = u32::decode(from)?;
        Ok(Self { number })
    }
}

impl<const REPLY: bool> Message for Blink<REPLY> {
    const NAME: &'static str = if REPLY { "blink_reply" } else { "blink" };
    const CRC: u32 = 1;
    const KEY: &'static str = if REPLY {
        "blink_reply_00000001"
    } else {
        "blink_00000001"
    };
    const LAYOUT: Layout = if REPLY {
        Layout::REPLY
    } else {
        Layout::REQUEST
    };
}

impl Reply for Blink<true> {
    fn retval(&self) -> i32 {
        self.number.cast_signed()
    }
}

impl Request for Blink<false> {
    type Reply = Blink<true>;
}

#[tokio::test]
async fn closures_handle_requests_unless_a_fault_refuses_them() {
    let count = AtomicU32::new(0);
    let plugin = Plugin::new("blink")
        .request(move |request: Blink<false>, _| Blink {
            number: request.number + count.fetch_add(1, Ordering::Relaxed),
        })
        // This closure replaces the simulator's own handler.
        .request(|_: ShowVersion, _| ShowVersionReply {
            retval: -1,
            ..Default::default()
        });
    let refusal = FaultRule::new("blink", Fault::Retval(-7)).times(1);
    let builder = Sim::builder().plugin(plugin).faults([refusal]);
    let sim = builder.start().await.unwrap();
    let builder = Client::builder().socket(sim.socket()).name("test");
    let (client, connection) = builder.connect().await.unwrap();
    tokio::spawn(connection);

    let error = client.call(Blink { number: 5 }).await.unwrap_err();
    assert_eq!(error.vpp_error(), Some(VppError(-7)));
    let reply = client.call(Blink { number: 0 }).await.unwrap();
    assert_eq!(reply.number, 0);
    let error = client.call(ShowVersion {}).await.unwrap_err();
    assert_eq!(error.vpp_error(), Some(VppError(-1)));
    assert_eq!(sim.requests()[1..], ["blink", "blink", "show_version"]);
}
