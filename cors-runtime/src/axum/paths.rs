//! Which path a request belongs to.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use axum::extract::{MatchedPath, NestedPath, Request};

use super::resolved::Path;
use super::table::{Handlers, Others};

/// The paths of a finished router, in its own frame: without the prefix at which it may be nested.
pub(crate) struct Paths {
    /// `None` for those without a policy.
    routes: HashMap<String, Option<Path>>,
    /// Prefix to fallback, where one of them is annotated; `None` for those without a policy. axum matches fallbacks by
    /// the same crate.
    fallbacks: matchit::Router<Option<Arc<Path>>>,
    others: Others,
    annotated: bool,
}

impl Paths {
    pub(crate) fn new(others: Others) -> Self {
        Self {
            routes: HashMap::new(),
            fallbacks: matchit::Router::new(),
            others,
            annotated: false,
        }
    }

    pub(crate) fn is_annotated(&self) -> bool {
        self.annotated
    }

    pub(crate) fn add_route(&mut self, path: String, mut handlers: Handlers) {
        handlers.others = handlers.others.max(self.others);
        let path_of_policies = handlers.is_annotated().then(|| Path::new(handlers));
        self.annotated |= path_of_policies.is_some();
        self.routes.insert(path, path_of_policies);
    }

    pub(crate) fn add_services(&mut self, paths: BTreeSet<String>) {
        self.routes
            .extend(paths.into_iter().map(|path| (path, None)));
    }

    /// Adds all fallbacks, if one of them is annotated: a plain one hides another that is further out. So does whatever
    /// has a prefix for itself.
    pub(crate) fn add_fallbacks(
        &mut self,
        fallbacks: BTreeMap<String, Handlers>,
        closed: BTreeSet<String>,
    ) {
        if !fallbacks.values().any(Handlers::is_annotated) {
            return;
        }
        self.annotated = true;
        let mut prefixes: BTreeMap<String, Option<Arc<Path>>> =
            closed.into_iter().map(|prefix| (prefix, None)).collect();
        for (prefix, handlers) in fallbacks {
            let path = handlers
                .is_annotated()
                .then(|| Arc::new(Path::new(handlers)));
            prefixes.insert(prefix, path);
        }
        for (prefix, path) in prefixes {
            let below = format!("{}/{{*rest}}", prefix.trim_end_matches('/'));
            for pattern in [prefix, below] {
                // axum has put the same patterns into a matcher of the same kind.
                let inserted = self.fallbacks.insert(pattern, path.clone());
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
        if self.others != Others::No {
            // Who serves it is not known; an annotated fallback has its policy with it.
            return None;
        }
        // The path, if there is one, is that of an outer router: this one has matched none.
        self.fallbacks
            .at(request.uri().path())
            .ok()?
            .value
            .as_deref()
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
