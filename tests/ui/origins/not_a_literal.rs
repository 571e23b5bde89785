use cors_runtime::axum::cors;
use cors_runtime::RequestHead;

#[cors(origins = [7, env!("ORIGIN")])]
async fn values() {}

#[cors(origins = [cors_runtime::OriginList::from_env("ORIGINS"), &tenants, tenants()])]
async fn expressions() {}

#[cors(origins = [|_, _| true])]
async fn closure() {}

#[cors(origins = [tenants, tenants])]
async fn twice() {}

#[cors(origins = ["*", tenants])]
async fn everybody() {}

struct Items;

impl Items {
    #[cors(origins = [Self::tenants])]
    async fn list() {}

    fn tenants(_: &str, _: &RequestHead<'_>) -> bool {
        false
    }
}

fn tenants(_: &str, _: &RequestHead<'_>) -> bool {
    false
}

fn main() {}
