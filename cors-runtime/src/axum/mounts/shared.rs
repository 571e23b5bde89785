//! The paths that our handlers share with a router of axum's own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::routing;
use tower_layer::Layer;

use super::{Mounts, unchecked};
use crate::axum::routes::Path;

/// Counts the calls of [`Layer::layer`]. axum calls it for each handler, and for the fallback of each
/// path.
#[derive(Clone, Default)]
struct CountRoutes(Arc<AtomicUsize>);

impl<R> Layer<R> for CountRoutes {
    type Service = R;

    fn layer(&self, route: R) -> R {
        self.0.fetch_add(1, Ordering::Relaxed);
        route
    }
}

fn count_routes<S: Clone + Send + Sync + 'static>(router: axum::Router<S>) -> usize {
    let count = CountRoutes::default();
    drop(router.layer(count.clone()));
    count.0.load(Ordering::Relaxed)
}

impl<S: Clone + Send + Sync + 'static> Mounts<S> {
    /// Merges the routers of axum's own. Returns `None` if there is none.
    #[track_caller]
    pub(super) fn foreign_routes(&self) -> Option<axum::Router<S>> {
        let mut all = None;
        for mount in self.rest.iter().chain(self.fallback.foreign()) {
            if mount.is_foreign() {
                let router = all.unwrap_or_else(unchecked);
                all = Some(router.merge(mount.router.clone()));
            }
        }
        all
    }

    /// Marks the paths that a router of axum's own shares.
    pub(super) fn with_shared_paths(mut self) -> Self {
        if let Some(foreign) = self.foreign_routes() {
            let routes = count_routes(foreign.clone());
            let paths: Vec<&String> = self.paths.keys().collect();
            let mut shared = Vec::new();
            find_shared(&foreign, routes, &paths, &mut shared);
            for path in shared {
                if let Some(mount) = self.paths.get_mut(&path) {
                    mount.handlers.path = Path::Shared;
                }
            }
        }
        self
    }
}

/// Finds the paths of which a router has a route. It is not possible to ask axum. But a method
/// router without handlers adds one route, its fallback, to a path that is new, and none to a path
/// that exists.
fn find_shared<S>(
    foreign: &axum::Router<S>,
    routes: usize,
    paths: &[&String],
    shared: &mut Vec<String>,
) where
    S: Clone + Send + Sync + 'static,
{
    let add =
        |router: axum::Router<S>, path: &&String| router.route(path, routing::MethodRouter::new());
    let all = paths.iter().fold(foreign.clone(), add);
    if count_routes(all) == routes + paths.len() {
        return;
    }
    if let [path] = paths {
        return shared.push((*path).clone());
    }
    let (first, second) = paths.split_at(paths.len() / 2);
    find_shared(foreign, routes, first, shared);
    find_shared(foreign, routes, second, shared);
}
