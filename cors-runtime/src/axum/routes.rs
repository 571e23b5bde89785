//! What a router has been given: who serves what, and under which policy.

use std::collections::BTreeMap;

use super::method_router::OptionsEndpoint;
use super::policies::Policies;
use super::table::{Handlers, Mounted, Others, Serves};
use crate::policy::Policy;

/// The table of a router.
pub(super) struct Routes<S> {
    pub(super) paths: BTreeMap<String, Entry<S>>,
    /// The paths of services, with the policy of the router around each.
    pub(super) services: BTreeMap<String, Option<&'static Policy>>,
    /// What serves the paths that no route matches, by the prefix of the router; `/` is this one's own.
    pub(super) unknown: BTreeMap<String, Unknown>,
    /// Whether a router of axum's was merged in.
    pub(super) others: Others,
    /// The policy for what has none.
    pub(super) default: Option<&'static Policy>,
}

pub(super) struct Entry<S> {
    pub(super) handlers: Handlers,
    pub(super) options: OptionsEndpoint<axum::Router<S>>,
}

/// What serves the paths below a prefix that no route matches.
#[derive(Clone, Debug, Default)]
pub(super) struct Unknown {
    server: Server,
    default: Option<&'static Policy>,
}

#[derive(Clone, Debug, Default)]
enum Server {
    /// Whatever serves the prefix around it.
    #[default]
    Outer,
    /// The user's fallback.
    Fallback(Handlers),
    /// A service, or a router of axum's.
    Other,
}

impl Unknown {
    fn is_anything(&self) -> bool {
        self.default.is_some() || !matches!(self.server, Server::Outer)
    }
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    pub(super) fn new(others: Others) -> Self {
        Self {
            paths: BTreeMap::new(),
            services: BTreeMap::new(),
            unknown: BTreeMap::new(),
            others,
            default: None,
        }
    }

    #[track_caller]
    pub(super) fn add(&mut self, path: String, entry: Entry<S>) {
        match self.paths.get_mut(&path) {
            None => _ = self.paths.insert(path, entry),
            Some(known) => {
                known.handlers.extend(entry.handlers);
                known.options = known.options.clone().merge(entry.options);
            }
        }
    }

    pub(super) fn add_service(&mut self, path: &str) {
        self.services.insert(path.to_owned(), None);
    }

    /// Nothing of this router serves what is below the prefix.
    pub(super) fn close(&mut self, prefix: &str) {
        let unknown = self.unknown.entry(prefix.to_owned()).or_default();
        if let Server::Outer = unknown.server {
            unknown.server = Server::Other;
        }
    }

    pub(super) fn set_fallback(&mut self, handlers: Handlers) {
        self.unknown.entry("/".to_owned()).or_default().server = Server::Fallback(handlers);
    }

    pub(super) fn reset_fallback(&mut self) {
        for unknown in self.unknown.values_mut() {
            if let Server::Fallback(_) = unknown.server {
                unknown.server = Server::Outer;
            }
        }
    }

    fn has_fallback(&self) -> bool {
        let own = self.unknown.get("/").map(|own| &own.server);
        matches!(own, Some(Server::Fallback(_)))
    }

    #[track_caller]
    pub(super) fn nest(&mut self, prefix: &str, mut router: Self) {
        // axum nests the fallbacks of a router only if it has one of its own.
        if !router.has_fallback() {
            router.reset_fallback();
        }
        let Self {
            paths,
            services,
            unknown,
            others,
            ..
        } = router.covered();
        let nested = |path: &str| nested(prefix, path);
        for (path, mut entry) in paths {
            entry.handlers.others = entry.handlers.others.max(others);
            entry.options.router = checked_router().nest(prefix, entry.options.router);
            self.add(nested(&path), entry);
        }
        for (path, policy) in services {
            self.services.insert(nested(&path), policy);
        }
        for (path, unknown) in unknown.into_iter().filter(|(_, it)| it.is_anything()) {
            self.unknown.insert(nested(&path), unknown);
        }
        if others != Others::No {
            // It may have a fallback of its own.
            self.close(prefix);
        }
    }

    #[track_caller]
    pub(super) fn merge(&mut self, other: Self) {
        let Self {
            paths,
            services,
            unknown,
            others,
            ..
        } = other.covered();
        for (path, entry) in paths {
            self.add(path, entry);
        }
        self.services.extend(services);
        for (prefix, other) in unknown {
            let own = self.unknown.entry(prefix).or_default();
            if !matches!(other.server, Server::Outer) {
                own.server = other.server;
            }
            own.default = own.default.or(other.default);
        }
        self.others = self.others.max(others);
    }

    /// With the policy of this router on everything that has none; what comes from another router has its own already.
    pub(super) fn covered(mut self) -> Self {
        let Some(default) = self.default.take() else {
            return self;
        };
        for entry in self.paths.values_mut() {
            entry.handlers.cover(Some(default));
        }
        for policy in self.services.values_mut() {
            policy.get_or_insert(default);
        }
        for unknown in self.unknown.values_mut() {
            unknown.default.get_or_insert(default);
        }
        self.unknown.entry("/".to_owned()).or_default().default = Some(default);
        self
    }

    pub(super) fn change_options(&mut self, change: impl Fn(axum::Router<S>) -> axum::Router<S>) {
        for entry in self.paths.values_mut() {
            let router = std::mem::take(&mut entry.options.router);
            entry.options.router = change(router);
        }
    }

    pub(super) fn with_state<S2>(self, state: &S) -> Routes<S2> {
        let paths = self.paths.into_iter();
        let paths = paths.map(|(path, Entry { handlers, options })| {
            let options = OptionsEndpoint {
                router: options.router.with_state(state.clone()),
                custom: options.custom,
            };
            (path, Entry { handlers, options })
        });
        Routes {
            paths: paths.collect(),
            services: self.services,
            unknown: self.unknown,
            others: self.others,
            default: self.default,
        }
    }

    pub(super) fn policies(self) -> Policies {
        let Self {
            paths,
            services,
            unknown,
            others,
            ..
        } = self.covered();
        let mut policies = Policies::default();
        for (path, Entry { mut handlers, .. }) in paths {
            handlers.others = handlers.others.max(others);
            policies.add(&path, &handlers);
        }
        for (path, default) in services {
            policies.add(&path, &Handlers::unknown_under(default));
        }
        for (prefix, handlers) in handlers_by_prefix(&unknown) {
            let path = format!("{}/*", prefix.trim_end_matches('/'));
            policies.add(&path, &handlers);
        }
        policies
    }
}

/// Who serves what no route matches, under which policy.
pub(super) fn handlers_by_prefix(
    unknown: &BTreeMap<String, Unknown>,
) -> BTreeMap<String, Handlers> {
    let handlers = |prefix: &String| {
        let default = unknown[prefix].default;
        // From the inside out; a longer prefix sorts after those around it.
        let around = unknown.range(..=prefix.clone()).rev();
        let mut around = around.filter(|(outer, _)| is_below(prefix, outer));
        let server = around.find_map(|(_, it)| match &it.server {
            Server::Outer => None,
            server => Some(server),
        });
        let Some(Server::Fallback(handlers)) = server else {
            return Handlers::unknown_under(default);
        };
        let mut handlers = handlers.clone();
        handlers.cover(default);
        handlers
    };
    let prefixes = unknown.keys();
    prefixes
        .map(|prefix| (prefix.clone(), handlers(prefix)))
        .collect()
}

fn is_below(prefix: &str, outer: &str) -> bool {
    let outer = outer.trim_end_matches('/');
    let rest = prefix.strip_prefix(outer);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A fallback that is a service.
pub(super) fn service_fallback() -> Handlers {
    Handlers::one(Mounted::service(Serves::Fallback))
}

/// For paths that axum has accepted once already.
pub(super) fn checked_router<S: Clone + Send + Sync + 'static>() -> axum::Router<S> {
    axum::Router::new().without_v07_checks()
}

/// Where axum puts the path of a nested router.
fn nested(prefix: &str, path: &str) -> String {
    match prefix.strip_suffix('/') {
        Some(_) => format!("{prefix}{}", path.trim_start_matches('/')),
        None if path == "/" => prefix.to_owned(),
        None => format!("{prefix}{path}"),
    }
}

impl<S> Clone for Routes<S> {
    fn clone(&self) -> Self {
        Self {
            paths: self.paths.clone(),
            services: self.services.clone(),
            unknown: self.unknown.clone(),
            others: self.others,
            default: self.default,
        }
    }
}

impl<S> Clone for Entry<S> {
    fn clone(&self) -> Self {
        Self {
            handlers: self.handlers.clone(),
            options: self.options.clone(),
        }
    }
}
