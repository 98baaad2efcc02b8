module prow-deploy/toolchain/gcsweb

go 1.24.0

tool k8s.io/test-infra/gcsweb/cmd/gcsweb

require k8s.io/test-infra v0.0.0-20191212060232-70b0b49fe247 // indirect

// Its old home is gone.
replace vbom.ml/util => github.com/fvbommel/util v0.0.0-20180919145318-efcd4e0f9787
