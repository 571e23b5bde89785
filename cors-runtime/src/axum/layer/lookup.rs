//! Finds the policies of the path that a request matches.

use std::collections::HashMap;

use axum::extract::{MatchedPath, NestedPath, Request};

use super::path_policies::PathPolicies;
use crate::axum::routes::{Handlers, Prefix, PrefixScope, UnknownHandlers};
use crate::policy::Policy;

/// The paths of a finished router, in its own frame: without the prefix at which it may be nested.
pub(crate) struct PolicyLookup {
    /// `None` for those without a policy.
    routes: HashMap<String, Option<PathPolicies>>,
    /// What no route of ours matches, in the order in which they are tried.
    unknown: Vec<UnmatchedPaths>,
    others: UnknownHandlers,
    covered: bool,
}

/// What no route of ours matches, below a prefix.
struct UnmatchedPaths {
    prefix: Prefix,
    /// Of what no route at all matches; `None` without a policy.
    path: Option<PathPolicies>,
    /// Whether that is a fallback that has its policy with it.
    annotated: bool,
    /// Whether there may be routes of axum's.
    has_foreign_routes: bool,
    /// Of those; `None` without a policy.
    foreign: Option<PathPolicies>,
}

impl PolicyLookup {
    pub(crate) fn new(others: UnknownHandlers) -> Self {
        Self {
            routes: HashMap::new(),
            unknown: Vec::new(),
            others,
            covered: false,
        }
    }

    /// Whether there is a policy at all.
    pub(crate) fn is_covered(&self) -> bool {
        self.covered
    }

    pub(crate) fn add_route(&mut self, path: String, mut handlers: Handlers) {
        handlers.unknown = handlers.unknown.max(self.others);
        let rules = handlers.is_covered().then(|| PathPolicies::new(handlers));
        self.covered |= rules.is_some();
        self.routes.insert(path, rules);
    }

    /// Adds a path whose methods are not known, with the policy of the router around it.
    pub(crate) fn add_service(&mut self, path: String, default: Option<&'static Policy>) {
        let rules = default.map(|_| PathPolicies::new(Handlers::unknown_under(default)));
        self.covered |= rules.is_some();
        self.routes.insert(path, rules);
    }

    /// Adds what is below a prefix, with a policy or without one: a plain fallback hides an
    /// annotated one that is further out. So does whatever has a prefix for itself.
    pub(crate) fn add_unknown(&mut self, below: PrefixScope) {
        let path = |handlers: Handlers| handlers.is_covered().then(|| PathPolicies::new(handlers));
        let unknown = UnmatchedPaths {
            prefix: below.prefix,
            annotated: below.unknown.is_annotated(),
            path: path(below.unknown),
            has_foreign_routes: below.foreign.is_some(),
            foreign: below.foreign.and_then(path),
        };
        self.covered |= unknown.path.is_some() || unknown.foreign.is_some();
        self.unknown.push(unknown);
    }

    pub(crate) fn find(&self, request: &Request) -> Option<&PathPolicies> {
        let matched = request.extensions().get::<MatchedPath>();
        if let Some(matched) = matched {
            let nested = request.extensions().get::<NestedPath>();
            if let Some(path) = self.routes.get(own_frame(matched.as_str(), nested)) {
                return path.as_ref();
            }
        }
        let path = request.uri().path();
        let unknown = self.unknown.iter().find(|it| it.prefix.matches(path))?;
        // A route of axum's; or a service in there, which nobody can tell from the fallback: that
        // one answers for itself. Else the path that was matched, if there is one, is that
        // of an outer router.
        if unknown.has_foreign_routes && (matched.is_some() || unknown.annotated) {
            unknown.foreign.as_ref()
        } else {
            unknown.path.as_ref()
        }
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
