//! The keys of the document and their order, as in VPP.

use super::json::{Json, OrderedMap};
use crate::compile::check::{Checked, Entry, Message, REPLY, Service, TypeKind};
use crate::compile::number::Number;
use crate::compile::options::Options;
use crate::compile::source::{Source, Span};
use crate::compile::syntax::ast::{Block, Counter, Enum, Field, Item, Value};

/// Returns the document of the module `module`, with a newline at its end.
pub fn document(checked: &Checked, module: &str, options: &Options) -> String {
    let mut types = DocumentTypes::of(checked, options);
    let items = || checked.file.items.iter();
    let list = |key: &str, values: Vec<Json>| (key.to_owned(), Json::List(values));
    let object =
        |key: &str, values: OrderedMap| (key.to_owned(), Json::Object(values.into_entries()));

    let mut services = OrderedMap::default();
    for one in &checked.services {
        services.set(&one.caller, service(one));
    }
    let mut file_options = OrderedMap::default();
    for item in items() {
        if let Item::Option(option) = item {
            file_options.set(&option.name.text, value(&option.value));
        }
    }
    let messages = checked.messages.iter();
    let messages = messages.map(|one| message(one, checked, options)).collect();
    let counters = items().filter_map(|item| match item {
        Item::Counters(counters) => Some(object_of([
            ("name", counters.name.text.as_str().into()),
            (
                "elements",
                Json::List(
                    counters
                        .elements
                        .iter()
                        .map(|one| counter(one, options))
                        .collect(),
                ),
            ),
        ])),
        _ => None,
    });
    let paths = items().filter_map(|item| match item {
        Item::Paths(paths) => Some(self::paths(paths)),
        _ => None,
    });
    let module = options
        .release
        .is_modern()
        .then(|| ("module".to_owned(), module.into()));
    let version = checked.crc.map(|crc| Json::Text(format!("0x{crc:x}")));
    let version = version.map(|version| ("vl_api_version".to_owned(), version));
    let document = Json::Object(
        module
            .into_iter()
            .chain([
                list("types", types.structs),
                list("messages", messages),
                list("unions", types.unions),
                list("enums", types.enums),
                list("enumflags", types.flags),
                object("services", services),
                object("options", file_options),
                object("aliases", std::mem::take(&mut types.aliases)),
            ])
            .chain(version)
            .chain([
                list("imports", types.imports),
                list("counters", counters.collect()),
                list("paths", paths.collect()),
            ])
            .collect(),
    );
    format!("{document}\n")
}

/// The types of a file and of its imports.
#[derive(Default)]
struct DocumentTypes {
    structs: Vec<Json>,
    unions: Vec<Json>,
    enums: Vec<Json>,
    flags: Vec<Json>,
    aliases: OrderedMap,
    imports: Vec<Json>,
}

impl DocumentTypes {
    fn of(checked: &Checked, options: &Options) -> Self {
        let mut all = Self::default();
        for entry in &checked.entries {
            let ty = match entry {
                Entry::Import(file) => {
                    all.imports.push((&**file).into());
                    continue;
                }
                Entry::Type(at) => checked.types.at(*at),
                Entry::Own(_) => None,
            };
            let Some(ty) = ty else {
                continue;
            };
            match ty.kind() {
                Some(TypeKind::Struct(block)) => {
                    let mut json = fields(&block.name.text, block);
                    if let Some(comment) = ty.comment().filter(|_| !options.facts_only) {
                        json.push(object_of([("comment", comment.into())]));
                    }
                    all.structs.push(Json::List(json));
                }
                Some(TypeKind::Union(block)) => {
                    all.unions.push(Json::List(fields(&block.name.text, block)));
                }
                Some(TypeKind::Alias(field)) => all.aliases.set(&field.name.text, alias(field)),
                Some(TypeKind::Enum(of)) if of.is_flags => {
                    all.flags.push(enumeration(of, &ty.facts.values));
                }
                Some(TypeKind::Enum(of)) => all.enums.push(enumeration(of, &ty.facts.values)),
                None => {}
            }
        }
        all
    }
}

fn object_of<const N: usize>(entries: [(&str, Json); N]) -> Json {
    let entries = entries.into_iter();
    Json::Object(
        entries
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    )
}

fn comment(source: &Source, comment: Option<Span>, options: &Options) -> Option<Json> {
    let comment = comment.filter(|_| !options.facts_only)?;
    Some(source.slice(comment).into())
}

fn value(value: &Value) -> Json {
    match value {
        Value::None => Json::Null,
        Value::False => Json::Bool(false),
        Value::Number(number) => Json::Number(*number),
        Value::Text(text) => text.as_str().into(),
    }
}

/// The name and fields of a definition, without the message number.
fn fields(name: &str, block: &Block) -> Vec<Json> {
    std::iter::once(name.into())
        .chain(block.fields().map(field))
        .collect()
}

fn field(field: &Field) -> Json {
    let mut json = vec![
        field.ty.text.as_str().into(),
        field.name.text.as_str().into(),
    ];
    if let Some((length, count)) = field.array() {
        json.push(length.into());
        json.extend(count.map(Json::from));
    } else if !field.options().is_empty() {
        let options = field.options().iter();
        let options = options.map(|one| (one.name.clone(), value(&one.value)));
        json.push(Json::Object(options.collect()));
    }
    Json::List(json)
}

fn message(message: &Message, checked: &Checked, options: &Options) -> Json {
    let mut json = vec![
        message.name.text.as_str().into(),
        Json::List(vec!["u16".into(), "_vl_msg_id".into()]),
    ];
    let item = message.item.and_then(|at| checked.file.items.get(at));
    match item {
        Some(Item::Define(block)) => json.extend(block.fields().map(field)),
        _ => json.extend(REPLY.map(|(ty, name)| Json::List(vec![ty.into(), name.into()]))),
    }
    let mut facts = Vec::new();
    if message.crc != 0 {
        facts.push((
            "crc".to_owned(),
            Json::Text(format!("0x{:08x}", message.crc)),
        ));
    }
    // `vat_help` is prose, like a comment.
    let kept = |name: &str| !(options.facts_only && name == "vat_help");
    let of_message = message.options.iter().filter(|(name, _)| kept(name));
    let of_message = of_message
        .map(|(name, of)| (name.clone(), value(of)))
        .collect();
    facts.push(("options".to_owned(), Json::Object(of_message)));
    let comment = comment(&checked.file.source, message.comment, options);
    facts.extend(comment.map(|comment| ("comment".to_owned(), comment)));
    json.push(Json::Object(facts));
    Json::List(json)
}

fn enumeration(of: &Enum, values: &[Number]) -> Json {
    let values = of.values.iter().zip(values);
    let values =
        values.map(|(one, value)| Json::List(vec![one.name.text.as_str().into(), (*value).into()]));
    let all = std::iter::once(of.name.text.as_str().into())
        .chain(values)
        .chain([object_of([("enumtype", of.wire.into())])]);
    Json::List(all.collect())
}

fn alias(field: &Field) -> Json {
    let mut json = vec![("type".to_owned(), field.ty.text.as_str().into())];
    if let Some((length, _)) = field.array() {
        json.push(("length".to_owned(), length.into()));
    }
    Json::Object(json)
}

fn service(service: &Service) -> Json {
    let reply = service.reply.as_deref().unwrap_or("null");
    let mut json = vec![("reply".to_owned(), reply.into())];
    if service.stream {
        json.push(("stream".to_owned(), Json::Bool(true)));
    }
    if let Some(message) = &service.stream_message {
        json.push(("stream_msg".to_owned(), message.as_str().into()));
    }
    if !service.events.is_empty() {
        let events = service.events.iter().map(|event| event.as_str().into());
        json.push(("events".to_owned(), Json::List(events.collect())));
    }
    Json::Object(json)
}

fn counter(counter: &Counter, options: &Options) -> Json {
    let facts = counter.facts.iter().map(|(key, value)| {
        let is_prose = options.facts_only && *key == "description";
        let value = if is_prose { "" } else { value };
        ((*key).to_owned(), value.into())
    });
    let name = ("name".to_owned(), counter.name.text.as_str().into());
    Json::Object(std::iter::once(name).chain(facts).collect())
}

/// A list of paths. VPP's tool writes a single path without a list.
fn paths(paths: &[(String, String)]) -> Json {
    let path = |(path, counter): &(String, String)| {
        object_of([
            ("path", path.as_str().into()),
            ("counter", counter.as_str().into()),
        ])
    };
    match paths {
        [one] => path(one),
        all => Json::List(all.iter().map(path).collect()),
    }
}
