//! What a router has been given: its endpoints and their policies.

mod handlers;
mod options_endpoint;
mod policy_table;
mod prefix;
mod unmatched;

use std::collections::BTreeMap;

pub(crate) use self::handlers::{
    Handlers, RegisteredHandler, Registration, Responder, UnknownHandlers,
};
pub(crate) use self::options_endpoint::OptionsEndpoint;
pub use self::policy_table::Policies;
pub(crate) use self::prefix::Prefix;
use self::unmatched::{FallbackKind, Unmatched};
pub(crate) use self::unmatched::{PrefixScope, by_prefix};
use crate::policy::Policy;

/// The table of a router.
pub(crate) struct Routes<S> {
    pub(crate) paths: BTreeMap<String, Entry<S>>,
    /// The paths of services, with the policy of the router around each.
    pub(crate) services: BTreeMap<String, Option<&'static Policy>>,
    /// What serves the paths that no route matches, by the prefix of the router; `/` is this one's
    /// own.
    pub(crate) unknown: BTreeMap<String, Unmatched>,
    /// The policy for what has none.
    pub(crate) default: Option<&'static Policy>,
}

pub(crate) struct Entry<S> {
    pub(crate) handlers: Handlers,
    pub(crate) options: OptionsEndpoint<axum::Router<S>>,
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    pub(crate) fn new() -> Self {
        Self {
            paths: BTreeMap::new(),
            services: BTreeMap::new(),
            unknown: BTreeMap::new(),
            default: None,
        }
    }

    /// Of a router of axum's.
    pub(crate) fn foreign() -> Self {
        let mut routes = Self::new();
        routes.unknown.insert("/".to_owned(), Unmatched::foreign());
        routes
    }

    /// Whether a router of axum's was merged in.
    pub(crate) fn others(&self) -> UnknownHandlers {
        match self.unknown.get("/") {
            Some(own) if own.has_foreign_routes() => UnknownHandlers::Unlikely,
            _ => UnknownHandlers::No,
        }
    }

    #[track_caller]
    pub(crate) fn add(&mut self, path: String, entry: Entry<S>) {
        match self.paths.get_mut(&path) {
            None => _ = self.paths.insert(path, entry),
            Some(known) => {
                known.handlers.extend(entry.handlers);
                known.options = known.options.clone().merge(entry.options);
            }
        }
    }

    pub(crate) fn add_service(&mut self, path: &str) {
        self.services.insert(path.to_owned(), None);
    }

    /// A service serves what is below the prefix.
    pub(crate) fn serve(&mut self, prefix: &str) {
        self.unknown.entry(prefix.to_owned()).or_default().serve();
    }

    pub(crate) fn set_fallback(&mut self, handlers: Handlers) {
        self.unknown.entry("/".to_owned()).or_default().fallback = FallbackKind::Fallback(handlers);
    }

    pub(crate) fn reset_fallback(&mut self) {
        self.unknown
            .values_mut()
            .for_each(Unmatched::reset_fallback);
    }

    fn has_fallback(&self) -> bool {
        let own = self.unknown.get("/").map(|own| &own.fallback);
        matches!(own, Some(FallbackKind::Fallback(_)))
    }

    #[track_caller]
    pub(crate) fn nest(&mut self, prefix: &str, mut router: Self) {
        // axum nests the fallbacks of a router only if it has one of its own.
        if !router.has_fallback() {
            router.reset_fallback();
        }
        let others = router.others();
        let Self {
            paths,
            services,
            unknown,
            ..
        } = router.covered();
        let nested = |path: &str| nested(prefix, path);
        for (path, mut entry) in paths {
            entry.handlers.unknown = entry.handlers.unknown.max(others);
            entry.options.router = checked_router().nest(prefix, entry.options.router);
            self.add(nested(&path), entry);
        }
        for (path, policy) in services {
            self.services.insert(nested(&path), policy);
        }
        for (path, unknown) in unknown.into_iter().filter(|(_, it)| it.is_anything()) {
            let own = self.unknown.entry(nested(&path)).or_default();
            own.join(unknown, None);
            if own.has_foreign_routes() {
                own.close();
            }
        }
    }

    #[track_caller]
    pub(crate) fn merge(&mut self, other: Self) {
        let Self {
            paths,
            services,
            unknown,
            ..
        } = other.covered();
        for (path, entry) in paths {
            self.add(path, entry);
        }
        self.services.extend(services);
        for (prefix, other) in unknown {
            let own = self.unknown.entry(prefix).or_default();
            own.join(other, self.default);
        }
    }

    /// With the policy of this router on everything that has none; what comes from another router
    /// has its own already.
    pub(crate) fn covered(mut self) -> Self {
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
            unknown.cover(default);
        }
        let own = self.unknown.entry("/".to_owned()).or_default();
        own.cover_all(default);
        self
    }

    pub(crate) fn change_options(&mut self, change: impl Fn(axum::Router<S>) -> axum::Router<S>) {
        for entry in self.paths.values_mut() {
            let router = std::mem::take(&mut entry.options.router);
            entry.options.router = change(router);
        }
    }

    pub(crate) fn with_state<S2>(self, state: &S) -> Routes<S2> {
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
            default: self.default,
        }
    }

    pub(crate) fn policies(self) -> Policies {
        let others = self.others();
        let Self {
            paths,
            services,
            unknown,
            ..
        } = self.covered();
        let mut policies = Policies::default();
        for (path, Entry { mut handlers, .. }) in paths {
            handlers.unknown = handlers.unknown.max(others);
            policies.add(&path, &handlers);
        }
        for (path, default) in services {
            policies.add(&path, &Handlers::unknown_under(default));
        }
        for below in by_prefix(unknown) {
            let path = format!("{}/*", below.path.trim_end_matches('/'));
            policies.add(&path, &below.unknown);
            if let Some(foreign) = below.foreign_apart() {
                policies.add(&path, foreign);
            }
        }
        policies
    }
}

/// A fallback that is a service.
pub(crate) fn service_fallback() -> Handlers {
    Handlers::one(RegisteredHandler::service(Registration::Fallback))
}

/// For paths that axum has accepted once already.
pub(crate) fn checked_router<S: Clone + Send + Sync + 'static>() -> axum::Router<S> {
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
