//! A preflight goes to the service that would serve the actual request.

use actix_web::{App, get, guard, post, put, web};
use cors_runtime::actix_web::{cors, resource};

use super::{DEFAULT_ORIGIN, in_every_mode, plain};
use crate::common::{ADMIN, APP, preflight, request};

#[cors(origins = ["https://app.example"])]
#[get("/users/{id}")]
async fn user() -> &'static str {
    "user"
}

#[cors(origins = ["https://admin.example"], headers = ["content-type"])]
#[post("/users/login")]
async fn login() -> &'static str {
    "login"
}

#[tokio::test(flavor = "current_thread")]
async fn a_route_goes_on_to_the_next_one() {
    for turned in [false, true] {
        let apps = || {
            let app = App::new();
            if turned {
                app.service(login).service(user)
            } else {
                app.service(user).service(login)
            }
        };
        in_every_mode!(apps(), |app| {
            let asked = preflight("POST", "/users/login").with_headers("content-type");
            asked.from(ADMIN).to(&app).await.is_permission_for(ADMIN);
            for origin in [APP, DEFAULT_ORIGIN] {
                let asked = preflight("POST", "/users/login").from(origin);
                asked.to(&app).await.is_refusal();
            }
            let reply = request("POST", "/users/login").from(ADMIN).to(&app).await;
            reply.says("login").allows(ADMIN);
            let asked = preflight("GET", "/users/login").from(APP);
            asked.to(&app).await.is_permission_for(APP);
            let reply = request("GET", "/users/login").from(APP).to(&app).await;
            reply.says("user").allows(APP);
        });
    }
}

#[cors(origins = ["https://app.example"], credentials)]
#[put("/x/a")]
async fn first() -> &'static str {
    "first"
}

#[cors(origins = ["https://app.example"], credentials)]
#[post("/x/{x}")]
async fn wild() -> &'static str {
    "wild"
}

#[cors(origins = ["https://admin.example"], credentials)]
#[post("/x/a")]
async fn never_reached() -> &'static str {
    "never reached"
}

#[tokio::test(flavor = "current_thread")]
async fn a_route_that_is_never_reached_decides_nothing() {
    let apps = || {
        let app = App::new().service(first).service(wild);
        app.service(never_reached)
    };
    in_every_mode!(apps(), |app| {
        let asked = preflight("POST", "/x/a").from(APP);
        asked.to(&app).await.is_permission_for(APP).credentials();
        preflight("POST", "/x/a")
            .from(ADMIN)
            .to(&app)
            .await
            .is_refusal();
        let reply = request("POST", "/x/a").from(APP).to(&app).await;
        reply.says("wild").allows(APP);
        let reply = request("POST", "/x/a").from(ADMIN).to(&app).await;
        reply.says("wild").is_unreadable();
    });
}

#[cors(origins = ["https://app.example"], credentials)]
#[put(r"/n/{n:\d+}")]
async fn number() -> &'static str {
    "number"
}

#[tokio::test(flavor = "current_thread")]
async fn a_plain_pattern_in_front_takes_the_preflights() {
    for path in ["/{tail:.*}", "/n/{tail:.*}"] {
        let apps = || {
            let in_front = web::resource(path).guard(guard::Put()).to(plain);
            App::new().service(in_front).service(number)
        };
        in_every_mode!(apps(), |app| {
            preflight("PUT", "/n/5")
                .from(APP)
                .to(&app)
                .await
                .is_refusal();
            let reply = request("PUT", "/n/5").from(APP).to(&app).await;
            reply.says("plain").has_no_cors();
        });
    }
}

#[cors(origins = ["https://app.example"])]
async fn of_resource() -> &'static str {
    "of resource"
}

#[tokio::test(flavor = "current_thread")]
async fn a_resource_takes_every_method_of_its_path() {
    let apps = || {
        let items = resource("/users/{id}").put(of_resource);
        App::new().service(items).service(login)
    };
    in_every_mode!(apps(), |app| {
        preflight("POST", "/users/login")
            .from(ADMIN)
            .to(&app)
            .await
            .is_refusal();
        let reply = request("POST", "/users/login").from(APP).to(&app).await;
        reply.is(405).allows(APP);
    });
}
