//! What stands around the attribute: other attributes, macros, names and re-exports.

use axum::extract::State;
use axum::http::{Method, StatusCode, Uri};
use axum::response::IntoResponse;
use cors_runtime::axum::routing::{get, post};
use cors_runtime::axum::{MountWithCorsRouting, Router, cors};

use crate::common::{APP, got, request};

macro_rules! sixteen {
    ($($argument:ident)*) => {
        #[cors(origins = ["https://app.example"])]
        #[allow(clippy::too_many_arguments, reason = "as many as axum takes")]
        async fn sixteen($($argument: Method,)* body: String) -> String {
            let methods = [$($argument),*];
            format!("{} {body}", methods.len())
        }
    };
}

sixteen!(a b c d e f g h i j k l m n o);

#[tokio::test]
async fn sixteen_arguments_are_taken() {
    let app: Router = Router::new().route("/", post(sixteen));
    let sent = request("POST", "/").from(APP).body("body").to(&app).await;
    sent.is(200).says("15 body").allows(APP);
}

macro_rules! handlers {
    ($(
        $(#[$attribute:meta])*
        $name:ident($argument:ident: $type:ty) -> $body:expr, $origin:tt;
    )*) => {
        $(
            $(#[$attribute])*
            #[cors(origins = [$origin])]
            pub(crate) async fn $name($argument: $type) -> String {
                $body
            }
        )*
    };
}

pub(crate) mod generated {
    use super::{Method, Uri, cors};

    handlers! {
        /// By a macro.
        method(it: Method) -> it.to_string(), "https://app.example";
        uri(it: Uri) -> it.to_string(), "https://app.example";
    }
}

#[tokio::test]
async fn macros_make_handlers_in_modules() {
    let app: Router = Router::new()
        .route("/method", get(generated::method))
        .route("/uri", get(generated::uri));
    got(&app, "/method").await.says("GET");
    got(&app, "/uri").await.says("/uri");
    let table = app.policies().to_string();
    assert!(table.contains("generated::method"), "{table}");
}

#[tokio::test]
async fn attributes_keep_their_meaning() {
    /// Documented.
    #[cors(origins = ["https://app.example"])]
    #[allow(unreachable_code, reason = "kept on the function")]
    #[cfg(not(any()))]
    async fn here(
        #[cfg(any())] _: NoSuchType,
        #[cfg(not(any()))] method: Method,
        #[allow(unused_variables, reason = "kept on the argument")] uri: Uri,
    ) -> String {
        return method.to_string();
        String::new()
    }
    #[cfg(any())]
    #[cors(origins = ["https://app.example"])]
    async fn here() -> NoSuchType {}
    #[cors(origins = ["https://app.example"])]
    async fn inner() -> &'static str {
        #![allow(unused_variables, reason = "an inner attribute")]
        let unused = 1;
        "inner"
    }

    let app: Router = Router::new()
        .route("/", get(here))
        .route("/inner", get(inner));
    got(&app, "/").await.says("GET");
    got(&app, "/inner").await.says("inner");
}

#[tokio::test]
async fn debug_handler_stands_below() {
    #[cors(origins = ["https://app.example"])]
    #[axum::debug_handler]
    async fn checked(
        State(number): State<u8>,
        mut uri: Uri,
    ) -> Result<impl IntoResponse, StatusCode> {
        uri = format!("{uri}!")
            .parse()
            .map_err(|_| StatusCode::CONFLICT)?;
        Ok(format!("{uri}{number}"))
    }
    #[cors(origins = ["https://app.example"])]
    #[axum::debug_handler(state = u8)]
    async fn stated(_: Method) -> impl IntoResponse {}

    let routes = get(checked).post(stated);
    let app: Router = Router::new().route("/", routes).with_state(7);
    got(&app, "/").await.says("/!7");
}

/// As a framework of one's own would re-export it.
mod framework {
    pub(crate) mod private {
        pub(crate) use cors_runtime as cors;
    }
}

#[tokio::test]
async fn the_runtime_may_be_reexported() {
    #[cors(origins = ["https://app.example"], crate = crate::attributes::framework::private::cors)]
    async fn inside() -> &'static str {
        "inside"
    }
    #[cors(crate = ::cors_runtime, origins = ["https://app.example"])]
    async fn named() -> &'static str {
        "named"
    }

    let app: Router = Router::new()
        .route("/", get(inside))
        .route("/named", get(named));
    got(&app, "/").await.says("inside");
    got(&app, "/named").await.says("named");
}

#[tokio::test]
async fn names_of_the_expansion_can_be_the_users_too() {
    #[derive(Clone, Copy)]
    struct Policy;

    #[cors(origins = ["https://app.example"])]
    async fn handler(State(__cors_0): State<u8>, __cors_1: Method) -> String {
        let _: Policy = Policy;
        format!("{__cors_0}{__cors_1}")
    }

    #[allow(non_snake_case, reason = "in the way")]
    mod core {}
    let app: Router = Router::new().route("/", get(handler)).with_state(1);
    got(&app, "/").await.says("1GET");
}

#[tokio::test]
async fn a_policy_can_be_asked_for() {
    fn policy<R: MountWithCorsRouting>(_: impl FnOnce() -> R) -> &'static cors_runtime::Policy {
        R::policy()
    }

    #[cors(origins = ["https://app.example"], credentials)]
    async fn handler() {}

    let policy = policy(handler);
    assert!(policy.credentials());
    assert!(policy.location().starts_with(file!()));
}

#[tokio::test]
async fn one_handler_may_serve_several_paths_and_routers() {
    let routes = || get(generated::uri);
    let app: Router = Router::new()
        .route("/one", routes())
        .nest("/two", Router::new().route("/three", routes()));
    got(&app, "/one").await.says("/one");
    got(&app, "/two/three").await.says("/three");
}
