{{/* The start of all names; leaves room for what is put behind it. */}}
{{- define "streamfleet.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := .Values.nameOverride | default .Chart.Name -}}
{{- contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "streamfleet.operator" -}}
{{ include "streamfleet.fullname" . }}-operator
{{- end -}}

{{/* What the operator's pods are known by. Deployments can't change it. */}}
{{- define "streamfleet.selector" -}}
app.kubernetes.io/name: streamfleet-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "streamfleet.console" -}}
{{ include "streamfleet.fullname" . }}-console
{{- end -}}

{{/* What the console's pod is known by. */}}
{{- define "streamfleet.consoleSelector" -}}
app.kubernetes.io/name: streamfleet-console
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "streamfleet.consoleLabels" -}}
{{- $ours := merge (include "streamfleet.consoleSelector" . | fromYaml) (include "streamfleet.ourLabels" . | fromYaml) -}}
{{ toYaml (merge $ours .Values.commonLabels) }}
{{- end -}}

{{- define "streamfleet.labels" -}}
{{ include "streamfleet.labelsAnd" (dict "more" dict "root" .) }}
{{- end -}}

{{/* The labels of an object and more that are asked for; ours win. Takes those and the root. */}}
{{- define "streamfleet.labelsAnd" -}}
{{- $ours := include "streamfleet.ourLabels" .root | fromYaml -}}
{{ toYaml (merge $ours .more .root.Values.commonLabels) }}
{{- end -}}

{{/* A version may have a plus sign, a label may not. */}}
{{- define "streamfleet.ourLabels" -}}
{{ include "streamfleet.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | replace "+" "_" | quote }}
app.kubernetes.io/part-of: streamfleet
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "streamfleet.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "streamfleet.operator" .) -}}
{{- else -}}
{{- required "serviceAccount.name: needed where serviceAccount.create is false" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* An image by its digest or its tag. Takes the image and the root. */}}
{{- define "streamfleet.image" -}}
{{- if .image.digest -}}
{{ .image.repository }}@{{ .image.digest }}
{{- else -}}
{{ .image.repository }}:{{ .image.tag | default .root.Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* "true" where something is asked for, or left to whether the Prometheus operator is there. */}}
{{- define "streamfleet.monitored" -}}
{{- if kindIs "bool" .enabled -}}
{{- if .enabled -}}true{{- end -}}
{{- else if .root.Capabilities.APIVersions.Has (printf "monitoring.coreos.com/v1/%s" .kind) -}}
true
{{- end -}}
{{- end -}}

{{/* The rules of a file of rights, with the reasons that are written there. */}}
{{- define "streamfleet.rules" -}}
{{- (splitn "\nrules:\n" 2 .)._1 -}}
{{- end -}}

{{/* How the operator's container is told what to do; in the test it is told the same. */}}
{{- define "streamfleet.env" -}}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: POD_NAMESPACE
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
- name: STREAMFLEET_NAMESPACES
  value: {{ join "," .Values.watch.namespaces | quote }}
- name: STREAMFLEET_WORKER_IMAGE
  value: {{ include "streamfleet.image" (dict "image" .Values.workerImage "root" .) | quote }}
- name: STREAMFLEET_LOG_FORMAT
  value: {{ .Values.settings.logFormat }}
- name: STREAMFLEET_LEASE_DURATION
  value: {{ .Values.settings.leaseDuration }}
- name: STREAMFLEET_OBSERVE_INTERVAL
  value: {{ .Values.settings.observeInterval }}
- name: STREAMFLEET_REDIS_TIMEOUT
  value: {{ .Values.settings.redisTimeout }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* All that the profile Restricted of the Pod Security Standards asks of a container, and a read-only root. */}}
{{- define "streamfleet.restricted" -}}
allowPrivilegeEscalation: false
capabilities:
  drop: [ALL]
readOnlyRootFilesystem: true
runAsNonRoot: true
seccompProfile:
  type: RuntimeDefault
{{- end -}}
