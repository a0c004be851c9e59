"""The documents' walk-through with boto3, as its users write it. Arguments: the task definition's file."""
import json
import sys

import boto3
from botocore.exceptions import ClientError

ecs = boto3.client("ecs")
OFTEN = {"Delay": 1, "MaxAttempts": 60}
NETWORK = {"awsvpcConfiguration": {
    "subnets": ["subnet-12345", "subnet-67890"], "securityGroups": ["sg-12345"], "assignPublicIp": "ENABLED"}}


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error.response
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400, error.response
        return
    raise AssertionError("not refused with " + code)


def main(definition):
    cluster = ecs.create_cluster(clusterName="python", capacityProviders=["FARGATE", "FARGATE_SPOT"],
                                 defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1}])
    assert cluster["cluster"]["status"] == "ACTIVE"
    registered = ecs.register_task_definition(**definition)["taskDefinition"]
    assert registered["revision"] == 1 and registered["status"] == "ACTIVE"
    refused("ClientException", ecs.describe_task_definition, taskDefinition="nobody:1")
    refused("ClusterNotFoundException", ecs.list_tasks, cluster="nobody")

    service = ecs.create_service(cluster="python", serviceName="web", taskDefinition=definition["family"] + ":1", desiredCount=2,
                                 networkConfiguration=NETWORK)["service"]
    assert service["capacityProviderStrategy"][0]["capacityProvider"] == "FARGATE", service
    ecs.get_waiter("services_stable").wait(cluster="python", services=["web"], WaiterConfig=OFTEN)
    arns = [arn for page in ecs.get_paginator("list_tasks").paginate(cluster="python", PaginationConfig={"PageSize": 1})
            for arn in page["taskArns"]]
    assert len(arns) == 2, arns
    tasks = ecs.describe_tasks(cluster="python", tasks=arns + ["0" * 32])
    assert [task["lastStatus"] for task in tasks["tasks"]] == ["RUNNING", "RUNNING"]
    assert tasks["failures"][0]["reason"] == "MISSING", tasks["failures"]
    assert all(task["startedAt"].year > 2000 for task in tasks["tasks"])

    refused("ClusterContainsServicesException", ecs.delete_cluster, cluster="python")
    ecs.update_service(cluster="python", service="web", desiredCount=0)
    ecs.get_waiter("services_stable").wait(cluster="python", services=["web"], WaiterConfig=OFTEN)
    ecs.delete_service(cluster="python", service="web")
    ecs.get_waiter("services_inactive").wait(cluster="python", services=["web"], WaiterConfig=OFTEN)

    task = ecs.run_task(cluster="python", taskDefinition=definition["family"], networkConfiguration=NETWORK)["tasks"][0]["taskArn"]
    ecs.get_waiter("tasks_running").wait(cluster="python", tasks=[task], WaiterConfig=OFTEN)
    ecs.stop_task(cluster="python", task=task, reason="Manual stop")
    ecs.get_waiter("tasks_stopped").wait(cluster="python", tasks=[task], WaiterConfig=OFTEN)
    stopped = ecs.describe_tasks(cluster="python", tasks=[task])["tasks"][0]
    assert (stopped["stopCode"], stopped["stoppedReason"]) == ("UserInitiated", "Manual stop"), stopped
    assert ecs.delete_cluster(cluster="python")["cluster"]["status"] == "INACTIVE"


with open(sys.argv[1], encoding="utf-8") as file:
    main(json.load(file))
