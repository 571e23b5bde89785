//! Parameters of one name, and paths that a middleware rewrites.

use actix_web::middleware::NormalizePath;
use actix_web::test::init_service;
use actix_web::{App, get, put, web};
use cors_runtime::actix_web::{Cors, cors};

use super::{DEFAULT_ORIGIN, in_every_mode, plain};
use crate::app::actix;
use crate::common::{APP, got, preflight, request};

#[cors(origins = ["https://app.example"])]
#[get("/posts")]
async fn posts() -> &'static str {
    "posts"
}

#[cors(origins = ["https://app.example"])]
#[get("/health")]
async fn health() -> &'static str {
    "health"
}

#[tokio::test(flavor = "current_thread")]
async fn nested_scopes_may_use_one_name() {
    let apps = || {
        let users = web::scope("/users/{id}").service(posts);
        App::new()
            .service(web::scope("/orgs/{id}").service(users))
            .service(health)
    };
    in_every_mode!(apps(), |app| {
        for path in ["/orgs/1/users/2/posts", "/health"] {
            got(&app, path).await;
        }
        request("GET", "/none").to(&app).await.is(404);
        request("GET", "/orgs/1").from(APP).to(&app).await.is(404);
    });
}

#[tokio::test(flavor = "current_thread")]
async fn scopes_may_have_many_parameters() {
    let scope = || {
        let scope = web::scope("/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}");
        let inner = web::scope("/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}").service(health);
        App::new().service(scope.service(inner))
    };
    in_every_mode!(scope(), |app| {
        got(&app, "/1/2/3/4/5/6/7/8/1/2/3/4/5/6/7/8/9/health").await;
    });
}

#[cors(origins = ["https://app.example"], credentials)]
#[put("/{tail:.*}")]
async fn proxy() -> &'static str {
    "proxy"
}

#[tokio::test(flavor = "current_thread")]
async fn no_preflight_is_allowed_for_a_path_that_is_rewritten() {
    let app = || {
        let app = App::new()
            .route("/admin", web::put().to(plain))
            .service(proxy);
        app.wrap(NormalizePath::trim())
    };
    for cors in [Cors::outermost(), Cors::new(&super::DEFAULT)] {
        let app = actix(init_service(app().wrap(cors)).await);
        for path in ["//admin", "/admin/", "//admin//"] {
            for origin in [APP, DEFAULT_ORIGIN] {
                let asked = preflight("PUT", path).from(origin);
                asked.to(&app).await.is_refusal();
            }
            let reply = request("PUT", path).from(APP).to(&app).await;
            reply.says("plain").has_no_cors();
        }
        preflight("PUT", "/other")
            .from(APP)
            .to(&app)
            .await
            .is_permission_for(APP);
    }
}
