module prow-deploy/toolchain/pause

go 1.24.0
