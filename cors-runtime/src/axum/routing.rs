//! Mirrors of the functions of [`axum::routing`], for annotated handlers and plain ones.

use axum::extract::Request;
use axum::response::IntoResponse;
use tower_service::Service;

pub use axum::routing::MethodFilter;

use super::handler::CorsHandler;
pub use super::method_router::MethodRouter;

/// Adds a handler for the methods of the filter.
///
/// # Panics
///
/// Panics if the handler's policy lists `methods`, but none of those in the filter. GET, HEAD and
/// POST are always allowed.
#[track_caller]
pub fn on<H, M, S>(filter: MethodFilter, handler: H) -> MethodRouter<S>
where
    H: CorsHandler<M, S>,
    S: Clone + Send + Sync + 'static,
{
    MethodRouter::new().on(filter, handler)
}

/// Adds a service without a policy for the methods of the filter.
#[track_caller]
pub fn on_service<T, S>(filter: MethodFilter, service: T) -> MethodRouter<S, T::Error>
where
    T: Service<Request> + Clone + Send + Sync + 'static,
    T::Response: IntoResponse + 'static,
    T::Future: Send + 'static,
    S: Clone,
{
    MethodRouter::new().on_service(filter, service)
}

/// Adds a handler for every method. Without `methods`, its policy allows GET, HEAD and POST.
#[track_caller]
pub fn any<H, M, S>(handler: H) -> MethodRouter<S>
where
    H: CorsHandler<M, S>,
    S: Clone + Send + Sync + 'static,
{
    MethodRouter::any(handler)
}

/// Adds a service without a policy for every method.
pub fn any_service<T, S>(service: T) -> MethodRouter<S, T::Error>
where
    T: Service<Request> + Clone + Send + Sync + 'static,
    T::Response: IntoResponse + 'static,
    T::Future: Send + 'static,
    S: Clone,
{
    MethodRouter::any_service(service)
}

macro_rules! top_level {
    ($($name:ident, $service:ident, $method:literal;)*) => {
        $(
            #[doc = concat!("Adds a handler for ", $method, ".")]
            ///
            /// # Panics
            ///
            /// Panics if the handler's policy lists `methods` without this method. GET, HEAD and
            /// POST are always allowed.
            #[track_caller]
            pub fn $name<H, M, S>(handler: H) -> MethodRouter<S>
            where
                H: CorsHandler<M, S>,
                S: Clone + Send + Sync + 'static,
            {
                MethodRouter::new().$name(handler)
            }

            #[doc = concat!("Adds a service for ", $method, ". It has no policy.")]
            #[track_caller]
            pub fn $service<T, S>(service: T) -> MethodRouter<S, T::Error>
            where
                T: Service<Request> + Clone + Send + Sync + 'static,
                T::Response: IntoResponse + 'static,
                T::Future: Send + 'static,
                S: Clone,
            {
                MethodRouter::new().$service(service)
            }
        )*
    };
}

top_level! {
    get, get_service, "GET, and for HEAD without a handler of its own";
    head, head_service, "HEAD";
    post, post_service, "POST";
    put, put_service, "PUT";
    patch, patch_service, "PATCH";
    delete, delete_service, "DELETE";
    options, options_service, "OPTIONS requests that are not preflights";
    trace, trace_service, "TRACE";
    connect, connect_service, "CONNECT";
}
