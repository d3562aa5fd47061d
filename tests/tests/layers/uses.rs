//! The paths in a crate's source, as files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Item, UseTree, Visibility};

use super::circles::Uses;

/// What a file declares.
#[derive(Default)]
struct File {
    /// Its modules that are files.
    modules: BTreeMap<String, PathBuf>,
    /// The names that it re-exports, with the path of each.
    reexports: BTreeMap<String, Vec<String>>,
    /// The paths that its code has, re-exports excepted.
    paths: Vec<Vec<String>>,
    parent: Option<PathBuf>,
}

/// The files that each file of the crate uses. What a module uses of those inside it is left
/// out: it consists of them.
pub fn of_crate(source: &Path) -> Uses {
    let mut files = BTreeMap::new();
    for root in ["lib.rs", "main.rs"] {
        let root = source.join(root);
        if root.is_file() {
            read(&root, None, &mut files);
        }
    }
    let roots: Vec<PathBuf> = files
        .iter()
        .filter(|(_, file)| file.parent.is_none())
        .map(|(path, _)| path.clone())
        .collect();
    let mut uses = Uses::new();
    for root in &roots {
        for (path, file) in &files {
            let used = file
                .paths
                .iter()
                .filter_map(|names| resolve(&files, root, path, names, 0))
                .filter(|used| used != path && !is_inside(&files, used, path));
            uses.entry(path.clone()).or_default().extend(used);
        }
    }
    uses
}

/// Whether `file` is a module inside `outer`, at any depth.
fn is_inside(files: &BTreeMap<PathBuf, File>, file: &Path, outer: &Path) -> bool {
    let parent = |file: &Path| files.get(file)?.parent.clone();
    std::iter::successors(parent(file), |file| parent(file)).any(|file| file == outer)
}

fn read(path: &Path, parent: Option<&Path>, files: &mut BTreeMap<PathBuf, File>) {
    let text = std::fs::read_to_string(path).unwrap();
    let syntax = syn::parse_file(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    let mut collector = Collector::default();
    collector.visit_file(&syntax);
    let stem = path.file_stem().unwrap().to_str().unwrap();
    let folder = match stem {
        "mod" | "lib" | "main" => path.parent().unwrap().to_path_buf(),
        stem => path.parent().unwrap().join(stem),
    };
    let mut file = File {
        paths: collector.paths,
        reexports: collector.reexports,
        parent: parent.map(Path::to_path_buf),
        ..File::default()
    };
    for name in collector.modules {
        let candidates = [
            folder.join(format!("{name}.rs")),
            folder.join(&name).join("mod.rs"),
        ];
        if let Some(found) = candidates.into_iter().find(|path| path.is_file()) {
            read(&found, Some(path), files);
            file.modules.insert(name, found);
        }
    }
    files.insert(path.to_path_buf(), file);
}

/// The file that a path leads to from `at`: as far as its names are modules, and on through
/// re-exports.
fn resolve(
    files: &BTreeMap<PathBuf, File>,
    root: &Path,
    at: &Path,
    names: &[String],
    depth: usize,
) -> Option<PathBuf> {
    let (first, rest) = names.split_first()?;
    let (mut file, mut rest) = match first.as_str() {
        "crate" => (root.to_path_buf(), rest),
        "self" => (at.to_path_buf(), rest),
        "super" => (files.get(at)?.parent.clone()?, rest),
        name if files.get(at)?.modules.contains_key(name) => (at.to_path_buf(), names),
        _ => return None,
    };
    while let Some((name, more)) = rest.split_first() {
        let here = files.get(&file)?;
        if name == "super" {
            file = here.parent.clone()?;
        } else if let Some(module) = here.modules.get(name) {
            file.clone_from(module);
        } else if let Some(path) = here.reexports.get(name)
            && depth < 8
        {
            return resolve(files, root, &file, path, depth + 1).or(Some(file));
        } else {
            break;
        }
        rest = more;
    }
    Some(file)
}

#[derive(Default)]
struct Collector {
    modules: Vec<String>,
    reexports: BTreeMap<String, Vec<String>>,
    paths: Vec<Vec<String>>,
}

impl Collector {
    fn tree(&mut self, tree: &UseTree, mut path: Vec<String>, is_reexport: bool) {
        match tree {
            UseTree::Path(inner) => {
                path.push(inner.ident.to_string());
                self.tree(&inner.tree, path, is_reexport);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.tree(tree, path.clone(), is_reexport);
                }
            }
            UseTree::Name(name) => self.leaf(&name.ident, &name.ident, path, is_reexport),
            UseTree::Rename(name) => self.leaf(&name.rename, &name.ident, path, is_reexport),
            UseTree::Glob(_) => self.paths.push(path),
        }
    }

    fn leaf(
        &mut self,
        name: &syn::Ident,
        original: &syn::Ident,
        mut path: Vec<String>,
        is_reexport: bool,
    ) {
        if original != "self" {
            path.push(original.to_string());
        }
        if is_reexport {
            self.reexports.insert(name.to_string(), path);
        } else {
            // What is imported can be named from below: `super::Name`.
            self.reexports.insert(name.to_string(), path.clone());
            self.paths.push(path);
        }
    }
}

impl<'a> Visit<'a> for Collector {
    fn visit_item(&mut self, item: &'a Item) {
        let attributes = match item {
            Item::Mod(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            _ => &Vec::new(),
        };
        let is_test = attributes.iter().any(|attribute| {
            attribute.path().is_ident("cfg")
                && attribute
                    .parse_args::<syn::Ident>()
                    .is_ok_and(|condition| condition == "test")
        });
        if is_test {
            return;
        }
        match item {
            Item::Mod(module) if module.content.is_none() => {
                self.modules.push(module.ident.to_string());
            }
            Item::Use(item) => {
                let is_reexport = !matches!(item.vis, Visibility::Inherited);
                self.tree(&item.tree, Vec::new(), is_reexport);
            }
            _ => visit::visit_item(self, item),
        }
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let names = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string());
        self.paths.push(names.collect());
        visit::visit_path(self, path);
    }
}
