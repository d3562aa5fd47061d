//! Sentences in the documentation of a message that link to related messages.

use super::Context;
use crate::model::{Kind, Message};

/// Links to the message that replaces it.
pub(super) fn successor(context: &Context<'_>, message: &Message) -> Option<String> {
    let successor = message.successor.as_ref()?;
    let link = match successor.place {
        Some((module, place)) => link(context, module, place),
        None => format!("`{}`", successor.name),
    };
    Some(format!("Replaced by {link}."))
}

/// Links to the messages that answer it, and those that it answers.
pub(super) fn service(context: &Context<'_>, message: &Message) -> Vec<String> {
    let messages = &context.module().messages;
    let own = |place: usize| link(context, context.module, place);
    let mut lines = match &message.kind {
        Kind::Passive => Vec::new(),
        Kind::OneWay => vec!["VPP sends no reply.".to_owned()],
        Kind::Request {
            reply,
            subscription,
        } => {
            let mut lines = vec![format!("Reply: {}.", own(*reply))];
            if let Some(subscription) = subscription {
                lines.push(format!("Enables {}.", own(subscription.event)));
            }
            lines
        }
        Kind::Dump { details, .. } => vec![format!("Details: {}.", own(*details))],
        Kind::Get { details, reply, .. } => {
            let (details, reply) = (own(*details), own(*reply));
            vec![format!("Details: {details}, then the reply {reply}.")]
        }
    };
    for place in &message.answers {
        let request = own(*place);
        lines.push(match &messages[*place].kind {
            Kind::Dump { .. } => format!("Answers the dump {request}."),
            _ if message.event.is_some() => format!("Enabled by {request}."),
            _ => format!("Answers {request}."),
        });
    }
    // Markdown joins the lines to one paragraph.
    lines
}

/// A link to a message; its name if the message is not generated.
fn link(context: &Context<'_>, module: usize, place: usize) -> String {
    let definition = &context.api.modules[module];
    let message = &definition.messages[place];
    let rust = &message.rust;
    if !definition.emitted || !message.emitted {
        return format!("`{}`", message.name);
    }
    if module == context.module {
        format!("[`{rust}`]")
    } else {
        format!("[`{rust}`](super::{}::{rust})", definition.rust)
    }
}
