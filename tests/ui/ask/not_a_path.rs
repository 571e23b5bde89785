use cors_runtime::axum::cors;
use cors_runtime::OriginRequest;

async fn tenant(_: OriginRequest) -> bool {
    true
}

#[cors(origins = [
    ask,
    ask(),
    ask("tenant"),
    ask(tenant, tenant),
    ask(Self::tenant),
    ask(tenant),
    ask(tenant),
])]
async fn list() {}

fn main() {}
