//! The plugin's typed messages with the client of `vpp-bindings`. The simulator loads the
//! plugin.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use vpp_bindings::client::{Client, Error};
use vpp_bindings::interface_types::InterfaceIndex;
use vpp_sim::{Fault, FaultRule, Plugin, Sim};
use vpp_third_party::lamp::{
    LampColour, LampDetails, LampDump, LampEvent, LampSet, LampSetReply, WantLampEvents,
    WantLampEventsReply,
};
use vpp_wire::VppError;

/// The state of the plugin.
#[derive(Default)]
struct Lamps {
    lit: BTreeMap<u32, LampSet>,
    /// The clients that registered for events, and their pids.
    watchers: BTreeMap<u32, u32>,
}

/// The plugin with two interfaces, each with a lamp.
fn plugin() -> Plugin {
    let lamps = Arc::new(Mutex::new(Lamps::default()));
    let (setting, dumping, watching) = (lamps.clone(), lamps.clone(), lamps);
    Plugin::new("lamp")
        .request(move |request: LampSet, caller| {
            let InterfaceIndex(index) = request.sw_if_index;
            if index > 1 {
                let VppError(retval) = VppError::INVALID_SW_IF_INDEX;
                return LampSetReply { retval };
            }
            let lamps = &mut *setting.lock().unwrap();
            for (client, pid) in &lamps.watchers {
                let event = LampEvent {
                    pid: *pid,
                    sw_if_index: request.sw_if_index,
                    colour: request.colour,
                };
                caller.send_event(*client, &event);
            }
            if request.colour == LampColour::DARK {
                lamps.lit.remove(&index);
            } else {
                lamps.lit.insert(index, request);
            }
            LampSetReply { retval: 0 }
        })
        .dump(move |request: LampDump, _| {
            let lamps = dumping.lock().unwrap();
            let wanted = request.sw_if_index.0;
            let lit = lamps.lit.values();
            lit.filter(|lamp| wanted == u32::MAX || lamp.sw_if_index.0 == wanted)
                .map(|lamp| LampDetails {
                    sw_if_index: lamp.sw_if_index,
                    colour: lamp.colour,
                    setters: lamp.setters,
                })
                .collect()
        })
        .request(move |request: WantLampEvents, caller| {
            let watchers = &mut watching.lock().unwrap().watchers;
            if request.enable {
                watchers.insert(caller.client_index(), request.pid);
            } else {
                watchers.remove(&caller.client_index());
            }
            WantLampEventsReply { retval: 0 }
        })
        .event::<LampEvent>()
}

async fn connect(sim: &Sim) -> Client {
    let builder = Client::builder().socket(sim.socket()).name("lamps");
    let (client, connection) = builder.connect().await.unwrap();
    tokio::spawn(connection);
    client
}

fn red(index: u32) -> LampSet {
    LampSet {
        sw_if_index: InterfaceIndex(index),
        colour: LampColour::RED,
        setters: "10.0.0.0/8".parse().unwrap(),
    }
}

#[tokio::test]
async fn lamps_are_set_dumped_and_watched() -> Result<(), Error> {
    let sim = Sim::builder().plugin(plugin()).start().await.unwrap();
    let client = connect(&sim).await;

    let mut events = client.subscribe::<WantLampEvents>().await?;
    client.call(red(1)).await?;
    let green = LampSet::default();
    client.call(green.clone()).await?;
    let error = client.call(red(7)).await.unwrap_err();
    assert_eq!(error.vpp_error(), Some(VppError::INVALID_SW_IF_INDEX));

    let lit = client.dump(LampDump::default()).all().await?;
    let lit: Vec<_> = lit
        .iter()
        .map(|lamp| (lamp.sw_if_index.0, lamp.colour))
        .collect();
    assert_eq!(lit, [(0, LampColour::GREEN), (1, LampColour::RED)]);
    let of_one = LampDump {
        sw_if_index: InterfaceIndex(1),
    };
    let lit = client.dump(of_one).all().await?;
    assert_eq!(lit[0].setters, red(1).setters);
    assert_eq!(lit.len(), 1);

    for colour in [LampColour::RED, LampColour::GREEN] {
        let event = events.next().await.unwrap()?.event().unwrap();
        assert_eq!(event.colour, colour);
    }
    Ok(())
}

#[tokio::test]
async fn a_vpp_without_the_plugin_lacks_its_messages() {
    let sim = Sim::start_in_process().await.unwrap();
    let client = connect(&sim).await;
    assert!(!client.supports::<LampSet>());
    let error = client.call(red(0)).await.unwrap_err();
    assert!(error.to_string().contains("lamp_set"), "{error}");

    let hidden = FaultRule::new("lamp_dump", Fault::Hide);
    let builder = Sim::builder().plugin(plugin()).faults([hidden]);
    let client = connect(&builder.start().await.unwrap()).await;
    assert!(client.supports::<LampSet>());
    assert!(!client.supports::<LampDump>());
}
