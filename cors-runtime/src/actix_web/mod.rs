//! CORS for actix-web 4.

mod entry;
mod handler;
mod message;
mod middleware;
mod mount;
mod outer;
mod outermost;
mod place;
mod registry;
mod resource;
mod wrap;

pub use cors_macros::actix_web as cors;

pub use self::handler::{
    Annotation, ByPolicy, CorsHandler, MountWithResourceOrRouteMacroBelowCors, Plain,
};
pub use self::resource::{Resource, resource};
pub use self::wrap::Cors;

/// What the expansion of [`cors`] names. Not public API.
#[doc(hidden)]
#[allow(missing_docs, reason = "named by expansions only")]
pub mod expansion {
    use std::rc::Rc;

    use actix_web::guard::{self, Guard, GuardContext};

    use super::message::View;
    use super::middleware::{Around, OfHandler};
    use super::{Annotation, MountWithResourceOrRouteMacroBelowCors, handler};
    use crate::__private::HasPolicy;
    use crate::request::{self, Class};

    pub use super::mount::{Route, mount};
    pub use actix_web::dev::{AppService, HttpServiceFactory};

    pub type Wrap = Around<OfHandler>;

    /// The last `wrap` of a route macro.
    pub fn wrap<P: HasPolicy>() -> Wrap {
        Around(OfHandler(P::policy()))
    }

    /// As a guard of what a route macro registers for OPTIONS: preflights are for others.
    pub fn is_no_preflight(context: &GuardContext<'_>) -> bool {
        request::classify(&View::unasked(context.head())) != Class::Preflight
    }

    pub fn guard(guard: impl Fn(&GuardContext<'_>) -> bool + 'static) -> Rc<dyn Guard> {
        Rc::new(guard::fn_guard(guard))
    }

    #[track_caller]
    pub fn annotation<P: HasPolicy>() -> Annotation {
        Annotation::new(P::policy(), P::HANDLER, P::WANTS_CONTENT_TYPE)
    }

    pub fn annotate<P: HasPolicy, F: Future>(
        future: F,
    ) -> impl MountWithResourceOrRouteMacroBelowCors<Output = F::Output, IntoFuture = F> {
        handler::annotate::<P, F>(future)
    }
}
