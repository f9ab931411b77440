-- Links that a plain reference cannot express.
SELECT _file, _row, 'target_id' AS "column", '一条责任只能属于一个目标、措施或项目' AS rule,
       nullif(concat_ws('、', target_id, measure_id, project_id), '') AS found,
       'target_id、measure_id、project_id 三列中填一列' AS remedy
FROM raw_responsibilities
WHERE (target_id IS NOT NULL)::INT + (measure_id IS NOT NULL)::INT + (project_id IS NOT NULL)::INT <> 1
UNION ALL
SELECT _file, _row, 'repealed_on', '废止日期早于印发日期', strftime(repealed_on, '%Y-%m-%d'), '核对两个日期'
FROM raw_documents WHERE repealed_on < issued_on
UNION ALL
SELECT _file, _row, 'period_end', '规划期首日晚于末日', strftime(period_end, '%Y-%m-%d'), '核对规划期'
FROM raw_documents WHERE period_start > period_end
UNION ALL
SELECT r._file, r._row, 'parent_id', '在 regions 中找不到上级', r.parent_id, '先登记上级，或留空'
FROM raw_regions r LEFT JOIN raw_regions p ON p.region_id = r.parent_id
WHERE r.parent_id IS NOT NULL AND p.region_id IS NULL
UNION ALL
SELECT _file, _row, 'document_id', '一处只能写文件位置或已公布的数之一', nullif(concat_ws('、', document_id, observation_id), ''),
       'document_id、observation_id 两列中填一列'
FROM raw_document_issue_passages WHERE (document_id IS NULL) = (observation_id IS NULL)
UNION ALL
SELECT d._file, d._row, 'issue_id', '文件问题至少要有一处位置', d.issue_id, '在 document_issue_passages.csv 中补上'
FROM raw_document_issues d LEFT JOIN raw_document_issue_passages p USING (issue_id) WHERE p.issue_id IS NULL;
