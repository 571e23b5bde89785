//! Which path a request belongs to.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use axum::extract::{MatchedPath, NestedPath, Request};

use super::resolved::Path;
use super::table::{Handlers, Others};
use crate::policy::Policy;

/// The paths of a finished router, in its own frame: without the prefix at which it may be nested.
pub(crate) struct Paths {
    /// `None` for those without a policy.
    routes: HashMap<String, Option<Path>>,
    /// What serves the paths below a prefix that no route matches. axum matches its fallbacks by the same crate.
    unknown: matchit::Router<Option<Arc<Unknown>>>,
    others: Others,
    covered: bool,
}

/// Paths that no route of ours matches.
struct Unknown {
    path: Path,
    /// Whether it is a fallback that has its policy with it.
    annotated: bool,
}

impl Paths {
    pub(crate) fn new(others: Others) -> Self {
        Self {
            routes: HashMap::new(),
            unknown: matchit::Router::new(),
            others,
            covered: false,
        }
    }

    /// Whether there is a policy at all.
    pub(crate) fn is_covered(&self) -> bool {
        self.covered
    }

    pub(crate) fn add_route(&mut self, path: String, mut handlers: Handlers) {
        handlers.others = handlers.others.max(self.others);
        let rules = handlers.is_covered().then(|| Path::new(handlers));
        self.covered |= rules.is_some();
        self.routes.insert(path, rules);
    }

    /// Adds a path whose methods are not known, with the policy of the router around it.
    pub(crate) fn add_service(&mut self, path: String, default: Option<&'static Policy>) {
        let rules = default.map(|_| Path::new(Handlers::unknown_under(default)));
        self.covered |= rules.is_some();
        self.routes.insert(path, rules);
    }

    /// Adds what serves the paths that no route matches, by prefix, if any of it has a policy: a plain fallback hides
    /// an annotated one that is further out. So does whatever has a prefix for itself.
    pub(crate) fn add_unknown(&mut self, prefixes: BTreeMap<String, Handlers>) {
        if !prefixes.values().any(Handlers::is_covered) {
            return;
        }
        self.covered = true;
        for (prefix, handlers) in prefixes {
            let annotated = handlers.is_annotated();
            let unknown = handlers.is_covered().then(|| {
                Arc::new(Unknown {
                    path: Path::new(handlers),
                    annotated,
                })
            });
            let below = format!("{}/{{*rest}}", prefix.trim_end_matches('/'));
            for pattern in [prefix, below] {
                // axum has put the same patterns into a matcher of the same kind.
                let inserted = self.unknown.insert(pattern, unknown.clone());
                debug_assert!(inserted.is_ok(), "{inserted:?}");
            }
        }
    }

    pub(crate) fn find(&self, request: &Request) -> Option<&Path> {
        if let Some(matched) = request.extensions().get::<MatchedPath>() {
            let nested = request.extensions().get::<NestedPath>();
            if let Some(path) = self.routes.get(own_frame(matched.as_str(), nested)) {
                return path.as_ref();
            }
        }
        // The path, if there is one, is that of an outer router, or of axum's own that was merged in.
        let unknown = self.unknown.at(request.uri().path()).ok()?;
        let unknown = unknown.value.as_deref()?;
        // Beside a router of axum's it is not known whether the fallback serves it; that one answers for itself.
        let fallback_knows = unknown.annotated && self.others != Others::No;
        (!fallback_knows).then_some(&unknown.path)
    }
}

/// axum's own match, less where this router is nested in another one.
fn own_frame<'a>(matched: &'a str, nested: Option<&NestedPath>) -> &'a str {
    let prefix = nested.map_or("", |nested| nested.as_str().trim_end_matches('/'));
    match matched.strip_prefix(prefix) {
        Some("") => "/",
        // A service that is nested at a path with a slash: axum joins the two.
        Some(path) if path.starts_with("//") => &path[1..],
        Some(path) => path,
        None => matched,
    }
}
