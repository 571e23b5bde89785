//! The pattern of an annotated service, and its node in the app's [`ResourceMap`].
//!
//! actix-web does not list the services of an app. A nested node gives each annotated service an
//! identity that a search by path returns, and the full pattern with all outer scopes.

use std::cell::OnceCell;
use std::rc::Rc;

use actix_web::dev::{ResourceDef, ResourceMap};

use super::scope_path::ScopePath;

/// The pattern of one service, in the scope where the service was registered.
pub(crate) struct ScopedPattern {
    local: ResourceDef,
    /// The resource map inside of the node. Its first leaf has the name of the service.
    inside: Rc<ResourceMap>,
    resolved: OnceCell<Resolved>,
}

/// The data that is known once the app has been built.
struct Resolved {
    full: String,
    scopes: ScopePath,
}

/// Whether a pattern matches a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathMatch {
    Yes,
    No,
    /// A scope contains a regular expression, or a parameter that is only a part of a segment.
    Unknown,
}

impl ScopedPattern {
    /// Returns the pattern, and the node to register with the service. `name` is the name of the
    /// service. `registry_name` is a name that a search from the root of the app finds.
    pub(crate) fn new(
        local: &ResourceDef,
        name: &str,
        registry_name: Option<&str>,
    ) -> (Self, Rc<ResourceMap>) {
        let root = || ResourceDef::root_prefix("");
        let mut inside = ResourceMap::new(root());
        inside.add(&mut named("", name), None);
        if let Some(registry) = registry_name {
            // The first leaf matches, so no path leads to the second leaf.
            inside.add(&mut named("/\0", registry), None);
        }
        let inside = Rc::new(inside);
        let mut node = ResourceMap::new(local.clone());
        node.add(&mut root(), Some(Rc::clone(&inside)));
        let pattern = Self {
            local: local.clone(),
            inside,
            resolved: OnceCell::new(),
        };
        (pattern, Rc::new(node))
    }

    /// Returns the identity of the service.
    pub(crate) fn id(&self) -> Option<NodeId> {
        self.inside.match_name("").map(NodeId::of)
    }

    /// Returns the whole pattern, in the syntax of actix-web. The app must have been built.
    pub(crate) fn written(&self) -> String {
        self.inside.match_pattern("").unwrap_or_default()
    }

    /// Returns the whole pattern without the names of its parameters. The app must have been built.
    pub(crate) fn full(&self) -> &str {
        &self.resolved().full
    }

    /// Returns whether the path is the path of the scope itself.
    pub(crate) fn is_scope(&self) -> bool {
        self.local.pattern() == Some("")
    }

    pub(super) fn ends_in_slash(&self) -> bool {
        self.full().ends_with('/')
    }

    /// Returns the length of the path that the scopes take.
    pub(crate) fn scopes_len(&self, path: &str) -> Option<usize> {
        self.resolved().scopes.find(path).ok().flatten()
    }

    pub(super) fn scopes_have_parameters(&self) -> bool {
        self.resolved().scopes.has_parameters()
    }

    /// Returns whether the whole pattern matches a path.
    pub(crate) fn matches(&self, path: &str) -> PathMatch {
        let is_match = |len| {
            path.get(len..)
                .is_some_and(|rest| self.local.is_match(rest))
        };
        match self.resolved().scopes.find(path) {
            Ok(len) if len.is_some_and(is_match) => PathMatch::Yes,
            Err(_) if self.matches_an_end(path) => PathMatch::Unknown,
            _ => PathMatch::No,
        }
    }

    fn matches_an_end(&self, path: &str) -> bool {
        let slashes = path.match_indices('/').map(|(index, _)| &path[index..]);
        let mut ends = slashes.chain([""]);
        ends.any(|end| self.local.is_match(end))
    }

    fn resolved(&self) -> &Resolved {
        self.resolved.get_or_init(|| {
            let written = self.written();
            let local = self.local.pattern().unwrap_or_default();
            let scopes = written.strip_suffix(local).unwrap_or_default();
            Resolved {
                full: without_names(&written),
                scopes: ScopePath::parse(scopes),
            }
        })
    }
}

fn named(path: &str, name: &str) -> ResourceDef {
    let mut leaf = ResourceDef::new(path);
    leaf.set_name(name);
    leaf
}

/// The identity of a node: the address of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct NodeId(usize);

impl NodeId {
    /// Returns the identity of the node whose name a search has returned.
    pub(crate) fn of(name: &str) -> Self {
        Self(name.as_ptr().addr())
    }
}

/// Removes the names of parameters, because `/items/{id:\d+}` and `/items/{item:\d+}` are the same
/// path.
pub(crate) fn without_names(pattern: &str) -> String {
    let (mut short, mut depth, mut in_name) = (String::new(), 0_usize, false);
    for character in pattern.chars() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        in_name &= !matches!(character, ':' | '}');
        if !in_name {
            short.push(character);
        }
        in_name |= character == '{' && depth == 1;
    }
    short
}

#[cfg(test)]
mod tests {
    use super::without_names;

    #[test]
    fn parameters_are_the_same_under_any_name() {
        assert_eq!(without_names("/items/{id}/{tail}*"), "/items/{}/{}*");
        assert_eq!(without_names(r"/{a:\d{3}}/{b:x}"), r"/{:\d{3}}/{:x}");
        assert_eq!(without_names("/items"), "/items");
    }
}
