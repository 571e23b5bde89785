//! Finds the endpoint of a request before the request is routed, and only where it is certain.

use std::borrow::Cow;
use std::ptr;
use std::rc::Rc;

use actix_web::dev::ResourceMap;

use super::annotated_route::{AnnotatedRoute, first_pattern};
use super::pattern::PathMatch;
use super::registry::Registry;

/// What is known about the endpoint of a request.
pub(crate) enum RouteMatch {
    /// An annotated handler serves the request, by its index in the route.
    Annotated(Rc<AnnotatedRoute>, usize),
    /// A resource serves the path, but not the method.
    NotServed(Rc<AnnotatedRoute>),
    /// No annotated handler serves the method, on a path with annotated handlers. A plain handler
    /// with a route macro may.
    MaybePlain,
    /// No annotated handler serves the request.
    Plain,
    /// Guards or plain handlers decide, or a middleware may rewrite the path.
    Unsure,
}

/// A request as a middleware sees it.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) root: &'a ResourceMap,
    pub(crate) path: &'a str,
    /// The length of the path that the scopes around the middleware take.
    pub(crate) taken: usize,
    pub(crate) method: &'a str,
}

/// Finds the endpoint of a request.
pub(crate) fn match_route(registry: &Registry, target: Target<'_>) -> RouteMatch {
    let (start, is_own) = match Start::find(registry, target) {
        Start::Annotated(first) => (first, true),
        Start::Beside(first) => (first, false),
        Start::Foreign if may_serve(registry, target) => return RouteMatch::Unsure,
        Start::Foreign => return RouteMatch::Plain,
    };
    if is_rewritable(target.path, &start) {
        return RouteMatch::Unsure;
    }
    match start.pattern.scopes_len(target.path) {
        Some(len) if len < target.taken => return RouteMatch::Plain,
        None if target.taken > 0 || !is_own => return RouteMatch::Unsure,
        _ => {}
    }
    let routes = registry.routes();
    let found = walk(routes, &start, is_own, target);
    match found {
        RouteMatch::Annotated(ref route, handler) if has_rival(routes, route, handler, target) => {
            RouteMatch::Unsure
        }
        RouteMatch::MaybePlain if may_serve(registry, target) => RouteMatch::Unsure,
        found => found,
    }
}

/// The resource that a path matches first.
enum Start {
    Annotated(Rc<AnnotatedRoute>),
    /// A plain route macro, of the same pattern as this annotated route.
    Beside(Rc<AnnotatedRoute>),
    /// Another resource, or none.
    Foreign,
}

impl Start {
    fn find(registry: &Registry, Target { root, path, .. }: Target<'_>) -> Self {
        if let Some(first) = registry.first_of(root, path) {
            return Self::Annotated(Rc::clone(first));
        }
        // A resource of actix-web without a name serves every method of its path.
        if root.match_name(path).is_none() {
            return Self::Foreign;
        }
        let pattern = first_pattern(root, path).unwrap_or_default();
        let mut beside = registry.by_pattern(&pattern).iter();
        match beside.find(|route| route.is_reached(root, path)) {
            Some(route) => Self::Beside(Rc::clone(route)),
            None => Self::Foreign,
        }
    }
}

/// Tries the annotated routes as actix-web does, in the order of their registration. actix-web does
/// not leave a scope that the path leads to.
fn walk(
    routes: &[Rc<AnnotatedRoute>],
    start: &Rc<AnnotatedRoute>,
    is_own: bool,
    Target {
        root, path, method, ..
    }: Target<'_>,
) -> RouteMatch {
    let mut taken = start.pattern.scopes_len(path);
    let begin = routes
        .iter()
        .position(|route| is_own && Rc::ptr_eq(route, start));
    for route in routes.iter().skip(begin.unwrap_or(0)) {
        let is_start = is_own && Rc::ptr_eq(route, start);
        if !is_start {
            let len = route.pattern.scopes_len(path);
            let is_match = route.pattern.matches(path) == PathMatch::Yes;
            if !is_match || len < taken || !route.is_reached(root, path) {
                continue;
            }
            taken = len;
        }
        let serves = route.serves(method);
        if !route.guards.is_empty() && (serves.is_some() || route.owns_path) {
            return RouteMatch::Unsure;
        }
        match serves {
            Some(handler) if route.policy(handler).is_some() => {
                return RouteMatch::Annotated(Rc::clone(route), handler);
            }
            Some(_) => return RouteMatch::Plain,
            None if route.owns_path => return RouteMatch::NotServed(Rc::clone(route)),
            None => {}
        }
    }
    RouteMatch::MaybePlain
}

/// Returns whether the guards of scopes may lead to an annotated handler of another policy.
fn has_rival(
    routes: &[Rc<AnnotatedRoute>],
    found: &Rc<AnnotatedRoute>,
    handler: usize,
    target: Target<'_>,
) -> bool {
    let Target {
        root, path, method, ..
    } = target;
    let policy = found.policy(handler);
    let is_rival = |route: &Rc<AnnotatedRoute>| {
        let other = route
            .serves(method)
            .and_then(|handler| route.policy(handler));
        other.is_some()
            && !other
                .zip(policy)
                .is_some_and(|(other, own)| ptr::eq(other, own))
            && route.pattern.matches(path) != PathMatch::No
            && !route.is_reached(root, path)
    };
    !found.is_in_app() && routes.iter().any(is_rival)
}

/// Returns whether an annotated handler may serve the request, now or after a middleware like
/// `NormalizePath` has rewritten the path.
fn may_serve(registry: &Registry, Target { path, method, .. }: Target<'_>) -> bool {
    let routes = registry.routes();
    let normalized = normalized(path);
    let with_slash = format!("{normalized}/");
    let paths = [path, &*normalized, &*with_slash];
    routes
        .iter()
        .any(|route| paths.iter().any(|path| route.may_serve(path, method)))
}

/// Returns whether `NormalizePath` may lead the path to another resource.
fn is_rewritable(path: &str, first: &AnnotatedRoute) -> bool {
    path.contains("//") || (path.len() > 1 && path.ends_with('/') && !first.pattern.ends_in_slash())
}

fn normalized(path: &str) -> Cow<'_, str> {
    if !path.contains("//") && !path.ends_with('/') {
        return Cow::Borrowed(path);
    }
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    Cow::Owned(segments.fold(String::new(), |path, segment| path + "/" + segment))
}

#[cfg(test)]
mod tests {
    use super::normalized;

    #[test]
    fn normalized_paths_have_single_slashes() {
        assert_eq!(normalized("/a/b"), "/a/b");
        assert_eq!(normalized("//a//b/"), "/a/b");
        assert_eq!(normalized("/"), "");
    }
}
