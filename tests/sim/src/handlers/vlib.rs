//! The command line over the API.

use vpp_bindings::vlib::*;

use super::Call;
use super::dispatcher::Dispatcher;

pub(super) fn register(dispatcher: &mut Dispatcher) {
    dispatcher.request(cli_inband);
}

/// Runs one line after the other and stops at the first error.
fn cli_inband(call: &mut Call<'_>, request: CliInband) -> CliInbandReply {
    let mut reply = String::new();
    let cmd = request.cmd.to_string_lossy();
    // Empty text is one empty command.
    for line in cmd.trim_end_matches('\n').split('\n') {
        match run(call, line.trim_matches(['\0', ' '])) {
            Ok(text) => reply.push_str(&text),
            Err(text) => {
                reply.push_str(&text);
                return cli_inband_reply(-1, reply);
            }
        }
    }
    cli_inband_reply(0, reply)
}

fn cli_inband_reply(retval: i32, reply: String) -> CliInbandReply {
    CliInbandReply {
        retval,
        reply: reply.into(),
    }
}

fn run(call: &mut Call<'_>, line: &str) -> Result<String, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["show", "version"] => Ok(format!(
            "vpp {}-release built by vpp-sim on localhost at {}\n",
            call.release(),
            super::vpe::BUILD_DATE,
        )),
        ["show", rest @ ..] => Err(format!("show: unknown input `{}'\n", rest.join(" "))),
        _ => Err(format!("unknown input `{line}'\n")),
    }
}
