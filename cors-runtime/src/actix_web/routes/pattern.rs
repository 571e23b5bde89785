//! The pattern of a path, with the scopes of the app around it. An app does not list its scopes,
//! but a node in the tree of its paths can look up the patterns above.

use std::cell::OnceCell;
use std::rc::Rc;

use actix_web::dev::{ResourceDef, ResourceMap};

const LEAF: &str = "/{cors}";

/// One path, in the scope where it was registered.
pub(crate) struct ScopedPattern {
    /// The pattern in its own scope.
    local: String,
    /// A path of its own beside it, in the same scope. A request can have it (`%00`), so nothing
    /// is served there.
    marker: String,
    map: Rc<ResourceMap>,
    resolved: OnceCell<Resolved>,
}

/// What is known when the app has been built.
struct Resolved {
    /// The pattern of all scopes around.
    scopes: String,
    /// As [`ScopedPattern::pattern`].
    full: String,
    matcher: ResourceDef,
    local: ResourceDef,
    /// Where the scopes have no parameters, so that it is the same for every path.
    is_in_first_scope: OnceCell<bool>,
}

impl ScopedPattern {
    /// `name` is the app's: what has a name in a tree can be asked for at its root.
    pub(crate) fn new(id: usize, local: &str, name: &str) -> Self {
        let marker = format!("/\0{id}");
        let mut map = ResourceMap::new(ResourceDef::prefix(&*marker));
        let mut leaf = ResourceDef::new(LEAF);
        leaf.set_name(name);
        map.add(&mut leaf, None);
        // As actix-web does it.
        let slash = if local.is_empty() || local.starts_with('/') {
            ""
        } else {
            "/"
        };
        Self {
            local: format!("{slash}{local}"),
            marker,
            map: Rc::new(map),
            resolved: OnceCell::new(),
        }
    }

    /// What has to be registered beside the path.
    pub(crate) fn node(&self) -> (ResourceDef, Rc<ResourceMap>) {
        (ResourceDef::prefix(&*self.marker), Rc::clone(&self.map))
    }

    /// The whole pattern, without the names of its parameters. Not before the app has been built.
    pub(crate) fn pattern(&self) -> &str {
        &self.resolved().full
    }

    /// Whether the path is the scope itself.
    pub(crate) fn is_scope(&self) -> bool {
        self.local.is_empty()
    }

    /// How much of a path the scopes around take.
    pub(crate) fn scopes_len(&self, path: &str) -> Option<usize> {
        self.resolved().matcher.find_match(path)
    }

    /// Whether a path that the whole pattern matches leads into this very scope, as far as paths
    /// decide: guards can tell scopes of one path apart.
    pub(crate) fn is_in_first_scope(&self, root: &ResourceMap, path: &str) -> bool {
        let resolved = self.resolved();
        if has_parameters(&resolved.scopes) {
            return self.leads_here(root, path);
        }
        let is_first = &resolved.is_in_first_scope;
        *is_first.get_or_init(|| self.leads_here(root, &resolved.scopes))
    }

    /// Whether no path leads to this scope first. Of a scope with parameters that depends on the
    /// path.
    pub(crate) fn is_hidden(&self, root: &ResourceMap) -> bool {
        !has_parameters(&self.resolved().scopes) && !self.is_in_first_scope(root, "")
    }

    /// Whether the path leads to another pattern first, whose handlers nobody knows here. What has
    /// no parameters is hidden by such a pattern for good, or for other methods only.
    pub(crate) fn is_behind_another(&self, root: &ResourceMap, path: &str) -> bool {
        has_parameters(self.pattern())
            && self.is_in_first_scope(root, path)
            && first_pattern(root, path).is_none_or(|first| first != self.pattern())
    }

    /// Whether it is for this path, wherever that leads first.
    pub(crate) fn matches(&self, path: &str) -> bool {
        let below = self.scopes_len(path).and_then(|len| path.get(len..));
        below.is_some_and(|below| self.resolved().local.is_match(below))
    }

    fn resolved(&self) -> &Resolved {
        self.resolved.get_or_init(|| {
            let found = self.map.match_pattern(&self.path_inside(""));
            let end = self.pattern_inside("");
            let scopes = found.as_deref().and_then(|it| it.strip_suffix(&end));
            let scopes = scopes.unwrap_or_default();
            Resolved {
                scopes: scopes.to_owned(),
                full: without_names(&format!("{scopes}{}", self.local)),
                matcher: ResourceDef::root_prefix(scopes),
                local: ResourceDef::new(&*self.local),
                is_in_first_scope: OnceCell::new(),
            }
        })
    }

    fn leads_here(&self, root: &ResourceMap, path: &str) -> bool {
        let Some(scopes) = self.scopes_len(path).and_then(|len| path.get(..len)) else {
            return false;
        };
        let found = root.match_pattern(&self.path_inside(scopes));
        found.is_some_and(|found| found == self.pattern_inside(&self.resolved().scopes))
    }

    fn path_inside(&self, scopes: &str) -> String {
        format!("{scopes}{}/x", self.marker)
    }

    fn pattern_inside(&self, scopes: &str) -> String {
        format!("{scopes}{}{LEAF}", self.marker)
    }
}

/// The pattern that a path leads to first, as [`ScopedPattern::pattern`] writes it.
pub(crate) fn first_pattern(root: &ResourceMap, path: &str) -> Option<String> {
    root.match_pattern(path).as_deref().map(without_names)
}

fn has_parameters(pattern: &str) -> bool {
    pattern.contains('{')
}

/// `/items/{id:\d+}` and `/items/{item:\d+}` are the same path.
fn without_names(pattern: &str) -> String {
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
